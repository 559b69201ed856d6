import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { PageHeader } from "../../components/page_header";
import { CommandLine } from "./command_line";
import { text } from "./messages";
import { Password } from "./password";
import { Profile } from "./profile";
import { Tokens } from "./tokens";

export function Page() {
  const t = useText(text);
  const known = useSession();
  return (
    <>
      <PageHeader title={t("title")}>{t("lead")}</PageHeader>
      {known && (
        <>
          <Profile known={known} />
          <Tokens />
          <CommandLine email={known.user.email} />
          <Password email={known.user.email} />
        </>
      )}
    </>
  );
}

import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { PageHeader } from "../../components/page_header";
import { CommandLine } from "./command_line";
import { Leave } from "./leave";
import { Looks } from "./looks";
import { text } from "./messages";
import { Password } from "./password";
import { Profile } from "./profile";
import { Sessions } from "./sessions";
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
          <Looks />
          <Tokens />
          <CommandLine email={known.user.email} />
          <Sessions />
          <Password email={known.user.email} />
          <Leave />
        </>
      )}
    </>
  );
}

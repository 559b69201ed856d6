import { useRouter } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { session } from "../../app/session";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { text } from "./messages";
import { Section } from "./section";

export function Leave() {
  const t = useText(text);
  const router = useRouter();
  const leave = async () => {
    await router.navigate({ to: "/" });
    await session.end();
  };
  return (
    <Section id="leave" title={t("leave")} hint={t("leaveHint")}>
      <Button icon={<LogOut aria-hidden className="size-4" />} onClick={() => void leave()}>
        {t("logout")}
      </Button>
    </Section>
  );
}

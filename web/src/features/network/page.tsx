import { useText } from "../../app/text";
import { PageHeader } from "../../components/page_header";
import { text } from "./messages";

export function Page() {
  const t = useText(text);
  return <PageHeader title={t("title")}>{t("lead")}</PageHeader>;
}

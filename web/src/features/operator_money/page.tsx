import { useNavigate, useSearch } from "@tanstack/react-router";
import { useText } from "../../app/text";
import { PageHeader } from "../../components/page_header";
import { Tabs } from "../../components/tabs";
import { Batches } from "./batches";
import { Books } from "./books";
import { Checks } from "./checks";
import { Fundings } from "./fundings";
import { text } from "./messages";
import { Payouts } from "./payouts";

/** The operator's view of all money. Who is none gets the coordinator's refusal in every part. */
export function Page() {
  const t = useText(text);
  const { part = "books" } = useSearch({ from: "/shell/operator/money" });
  const navigate = useNavigate({ from: "/operator/money" });
  const tabs = [
    { value: "books" as const, label: t("part_books"), content: <Books /> },
    { value: "in" as const, label: t("part_in"), content: <Fundings /> },
    { value: "out" as const, label: t("part_out"), content: <GoingOut /> },
    { value: "checks" as const, label: t("part_checks"), content: <Checks /> },
  ];
  return (
    <>
      <PageHeader title={t("title")}>{t("lead")}</PageHeader>
      <Tabs
        value={part}
        onChange={(next) => void navigate({ search: next === "books" ? {} : { part: next }, resetScroll: false })}
        tabs={tabs}
      />
    </>
  );
}

function GoingOut() {
  return (
    <div className="flex flex-col gap-4 sm:gap-6">
      <Payouts />
      <Batches />
    </div>
  );
}

import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { Skeleton } from "../../components/skeleton";
import { text } from "./messages";
import { countryName, type Spread } from "./places";

const NUMBER = "py-1.5 pl-3 text-right tabular-nums last:pr-2";

/** The map in words: point at a country or go to it with the keyboard to see it marked, press to keep it marked. */
export function CountryList(props: {
  spread: Spread | undefined;
  active: string | undefined;
  marked: string | undefined;
  onPoint: (country: string | undefined) => void;
  onMark: (country: string | undefined) => void;
}) {
  const t = useText(text);
  const format = useFormat();
  const { spread } = props;
  return (
    <div className="max-h-76 overflow-y-auto">
      <table aria-label={t("listLabel")} aria-busy={!spread} className="w-full">
        <thead className="sticky top-0 bg-surface">
          <tr className="border-line border-b text-left text-ink-faint text-xs">
            <th scope="col" className="px-2 py-1.5 font-medium">
              {t("country")}
            </th>
            <th scope="col" className={cx(NUMBER, "font-medium")}>
              {t("legend")}
            </th>
            <th scope="col" className={cx(NUMBER, "font-medium")}>
              {t("cores")}
            </th>
          </tr>
        </thead>
        <tbody>
          {!spread && <Waiting />}
          {spread?.places.map(({ country, nodes, cores }) => (
            <tr
              key={country}
              className={cx("border-line border-b last:border-0", props.active === country && "bg-sunken")}
            >
              <th scope="row" className="w-full text-left font-normal">
                <Name {...props} country={country} />
              </th>
              <td className={NUMBER}>{format.number(nodes)}</td>
              <td className={NUMBER}>{format.number(cores)}</td>
            </tr>
          ))}
          {spread && spread.untold > 0 && (
            <tr className="text-ink-soft">
              <th scope="row" className="px-2 py-1.5 text-left font-normal">
                {t("untold")}
              </th>
              <td className={NUMBER}>{format.number(spread.untold)}</td>
              <td className={NUMBER}>{format.number(spread.untoldCores)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function Name(props: {
  country: string;
  marked: string | undefined;
  onPoint: (country: string | undefined) => void;
  onMark: (country: string | undefined) => void;
}) {
  const { country, marked, onPoint, onMark } = props;
  const locale = useLocale();
  return (
    <button
      type="button"
      aria-pressed={marked === country}
      onPointerEnter={() => onPoint(country)}
      onPointerLeave={() => onPoint(undefined)}
      onFocus={() => onPoint(country)}
      onBlur={() => onPoint(undefined)}
      onClick={() => onMark(marked === country ? undefined : country)}
      className={cx(
        "w-full rounded-sm px-2 py-1.5 text-left hover:text-accent focus-visible:-outline-offset-2",
        marked === country && "font-semibold text-accent",
      )}
    >
      {countryName(country, locale)}
    </button>
  );
}

function Waiting() {
  return [1, 2, 3, 4].map((row) => (
    <tr key={row}>
      <td className="px-2 py-2">
        <Skeleton className="h-4 w-28" />
      </td>
      <td className="py-2 pl-3">
        <Skeleton className="h-4 w-10" />
      </td>
      <td className="py-2 pl-3">
        <Skeleton className="h-4 w-10" />
      </td>
    </tr>
  ));
}

import { Dialog } from "../components/dialog";
import { LogOutButton } from "./layout";
import { SideLink, usePlaces } from "./nav";
import { useSession } from "./session";
import { useText } from "./text";
import { words } from "./words";

/** The places that the bar of a phone has no room for. */
export default function MoreSheet(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useText(words);
  const known = useSession();
  const close = () => props.onOpenChange(false);
  return (
    <Dialog {...props} title={t("more")}>
      <div className="flex flex-col gap-1">
        {usePlaces().map((place) => (
          <SideLink key={place.to} place={place} onPress={close} />
        ))}
        {known && <LogOutButton onDone={close} />}
      </div>
    </Dialog>
  );
}

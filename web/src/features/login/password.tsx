import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { useText } from "../../app/text";
import { IconButton } from "../../components/button";
import { Input } from "../../components/field";
import { text } from "./messages";

/** A password that its owner may look at. */
export function PasswordInput({ isNew }: { isNew: boolean }) {
  const t = useText(text);
  const [shown, setShown] = useState(false);
  const Sign = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input
        name="password"
        type={shown ? "text" : "password"}
        autoComplete={isNew ? "new-password" : "current-password"}
        maxLength={1024}
        required
        className="pr-11"
      />
      <IconButton
        label={t(shown ? "hidePassword" : "showPassword")}
        aria-pressed={shown}
        className="absolute top-0.5 right-0.5"
        onClick={() => setShown(!shown)}
      >
        <Sign aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}

import { messages } from "../../app/text";
import { de } from "./messages_de";
import { en } from "./messages_en";

export const text = messages({ en, de });

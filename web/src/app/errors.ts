import { ApiError } from "../api/problem";
import type { Locale } from "./locale";
import { messages, textIn } from "./text";

/** The errors that people meet most, in the words of the page; the coordinator's own words for the others. */
const known = messages({
  en: {
    unreachable: "The coordinator cannot be reached.|Check your connection, then try again.",
    unavailable: "The coordinator is busy.|Wait a moment, then try again.",
    database_lost: "The coordinator has lost its database for the moment.|Wait a moment, then try again.",
    database_contended: "The coordinator is busy.|Wait a moment, then try again.",
    internal_error: "Something broke at the coordinator.|Try again; if it stays, tell whoever runs this network.",
    rate_limited: "That was too many requests in a short time.|Wait a few seconds, then go on.",
    request_timeout: "The coordinator waited too long for the request.|Try again on a better connection.",
    logged_out: "Your session has ended.|Log in again to go on.",
    token_expired: "Your session has ended.|Log in again to go on.",
    token_revoked: "Your session was ended from another place.|Log in again to go on.",
    token_invalid: "Your session is not valid here.|Log in again to go on.",
    token_missing: "This needs an account.|Log in or sign up first.",
    credentials_invalid: "E-mail address and password do not match.|Check both; capital letters matter.",
    email_taken: "There is an account with this e-mail address.|Log in instead.",
    email_invalid: "This is not an e-mail address.|It looks like name@example.org.",
    weak_password: "This password cannot be used.|Take at least 8 characters.",
    same_password: "This is the password you have.|Take another one.",
    auth_elsewhere: "This network keeps its accounts somewhere else.|Ask whoever runs it how to log in.",
    insufficient_funds: "There is not enough money for this.|Name a smaller amount, or add money first.",
    debt_outstanding: "You owe money after a payment was taken back.|Add money first; it pays what you owe.",
    rate_missing: "This network has no exchange rate for these currencies.|Ask whoever runs it.",
    rate_stale: "The newest exchange rate is too old to be used.|Try again later, or ask whoever runs this network.",
    rate_changed: "The rate has changed since you saw it.|Look at the new one and decide again.",
    rail_unavailable: "The payment service cannot be reached.|Nothing was lost. Try again in a few minutes.",
    account_busy: "Payouts are on their way to this account.|Wait until they have arrived.",
    account_exists: "There is an account of this kind already.|Remove it first.",
    iban_invalid: "This is not an IBAN of that country.|Copy it from a statement of your bank.",
    too_many_payouts: "Too many of your payouts are waiting.|Wait until some of them have left.",
    payout_below_minimum: "That is less than can be paid out.|Wait until there is more.",
    not_found: "There is nothing at this address.|It may have been deleted, or belong to somebody else.",
    pool_name_taken: "Another pool has this name.|Choose another one.",
    already_in_pool: "You are in a pool already.|Leave it first.",
    pool_full: "This pool has as many members as it may.|Choose another one.",
    pool_key_invalid: "No pool has this key.|It may have been renewed: ask a manager for the present one.",
    pool_right_missing: "Your role in the pool does not allow that.|Ask its owner.",
    bad_reference: "This is no reference of this network, or it is mistyped.|Compare its eight signs.",
    already_paid: "This was confirmed before.|There is nothing to do.",
    operator_only: "Only operators of this network may do that.|Log in with an operator's account.",
    unexpected: "This page has met an error of its own.|Load it again.",
    outdated: "This page is older than the coordinator.|Load it again to get the new version.",
  },
  de: {
    unreachable: "Der Koordinator ist nicht erreichbar.|Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
    unavailable: "Der Koordinator ist ausgelastet.|Warten Sie einen Moment und versuchen Sie es noch einmal.",
    database_lost:
      "Der Koordinator hat gerade keine Verbindung zu seiner Datenbank.|Versuchen Sie es gleich noch einmal.",
    database_contended: "Der Koordinator ist ausgelastet.|Warten Sie einen Moment und versuchen Sie es noch einmal.",
    internal_error:
      "Beim Koordinator ist etwas schiefgegangen.|Versuchen Sie es noch einmal; bleibt es dabei, sagen Sie es dem Betreiber.",
    rate_limited: "Das waren zu viele Anfragen in kurzer Zeit.|Warten Sie einige Sekunden.",
    request_timeout: "Die Anfrage hat zu lange gedauert.|Versuchen Sie es mit besserer Verbindung noch einmal.",
    logged_out: "Ihre Sitzung ist beendet.|Melden Sie sich wieder an.",
    token_expired: "Ihre Sitzung ist beendet.|Melden Sie sich wieder an.",
    token_revoked: "Ihre Sitzung wurde an anderer Stelle beendet.|Melden Sie sich wieder an.",
    token_invalid: "Ihre Sitzung gilt hier nicht.|Melden Sie sich wieder an.",
    token_missing: "Dafür brauchen Sie ein Konto.|Melden Sie sich an oder registrieren Sie sich.",
    credentials_invalid:
      "E-Mail-Adresse und Passwort passen nicht zusammen.|Prüfen Sie beide, auch die Großschreibung.",
    email_taken: "Zu dieser E-Mail-Adresse gibt es schon ein Konto.|Melden Sie sich stattdessen an.",
    email_invalid: "Das ist keine E-Mail-Adresse.|Sie sieht aus wie name@example.org.",
    weak_password: "Dieses Passwort geht nicht.|Nehmen Sie mindestens 8 Zeichen.",
    same_password: "Dieses Passwort haben Sie schon.|Nehmen Sie ein anderes.",
    auth_elsewhere: "Dieses Netz führt seine Konten anderswo.|Fragen Sie den Betreiber, wie man sich anmeldet.",
    insufficient_funds:
      "Dafür ist nicht genug Geld da.|Nennen Sie einen kleineren Betrag, oder laden Sie Guthaben auf.",
    debt_outstanding: "Sie schulden Geld, weil eine Zahlung zurückgeholt wurde.|Laden Sie erst auf; das bezahlt es.",
    rate_missing: "Für diese Währungen hat dieses Netz keinen Kurs.|Fragen Sie den Betreiber.",
    rate_stale: "Der neueste Kurs ist zu alt.|Versuchen Sie es später oder fragen Sie den Betreiber.",
    rate_changed: "Der Kurs hat sich inzwischen geändert.|Sehen Sie den neuen an und entscheiden Sie noch einmal.",
    rail_unavailable:
      "Der Zahlungsdienst ist nicht erreichbar.|Verloren ist nichts. Versuchen Sie es in einigen Minuten noch einmal.",
    account_busy: "Auszahlungen sind zu diesem Konto unterwegs.|Warten Sie, bis sie angekommen sind.",
    account_exists: "Ein Konto dieser Art gibt es schon.|Entfernen Sie es zuerst.",
    iban_invalid: "Das ist keine IBAN dieses Landes.|Kopieren Sie sie von einem Kontoauszug Ihrer Bank.",
    too_many_payouts: "Zu viele Ihrer Auszahlungen warten.|Warten Sie, bis einige weg sind.",
    payout_below_minimum: "Das ist weniger, als ausgezahlt werden kann.|Warten Sie, bis es mehr ist.",
    not_found: "Unter dieser Adresse ist nichts.|Es wurde gelöscht oder gehört jemand anderem.",
    pool_name_taken: "Ein anderer Pool heißt schon so.|Wählen Sie einen anderen Namen.",
    already_in_pool: "Sie sind schon in einem Pool.|Treten Sie zuerst dort aus.",
    pool_full: "Dieser Pool hat so viele Mitglieder, wie er haben darf.|Wählen Sie einen anderen.",
    pool_key_invalid: "Diesen Schlüssel hat kein Pool.|Vielleicht wurde er erneuert: Fragen Sie einen Verwalter.",
    pool_right_missing: "Ihre Rolle im Pool erlaubt das nicht.|Fragen Sie, wem er gehört.",
    bad_reference: "Das ist kein Kennwort dieses Netzes, oder es ist vertippt.|Vergleichen Sie seine acht Zeichen.",
    already_paid: "Das wurde schon bestätigt.|Es ist nichts zu tun.",
    operator_only: "Das dürfen nur Betreiber dieses Netzes.|Melden Sie sich mit einem Betreiberkonto an.",
    unexpected: "Auf dieser Seite ist ein Fehler aufgetreten.|Laden Sie sie neu.",
    outdated: "Diese Seite ist älter als der Koordinator.|Laden Sie sie neu, um die neue Fassung zu bekommen.",
  },
});

export function describe(error: unknown, locale: Locale): { message: string; hint: string } {
  const t = textIn(known, locale);
  const split = (text: string) => {
    const [message = "", hint = ""] = text.split("|");
    return { message, hint };
  };
  if (error instanceof ApiError) {
    return t.has(error.code) ? split(t(error.code)) : { message: sentence(error.message), hint: sentence(error.hint) };
  }
  return split(t(isMissingChunk(error) ? "outdated" : "unexpected"));
}

/** A lazy part of the app that a newer release has replaced. */
function isMissingChunk(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
}

function sentence(words: string): string {
  if (words === "") return "";
  const text = words[0]?.toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

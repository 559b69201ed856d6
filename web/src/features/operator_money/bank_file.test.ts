// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { grouped, transfersOf } from "./bank_file";

const transfer = (id: string, name: string, amount: string) =>
  `<CdtTrfTxInf><PmtId><EndToEndId>${id}</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">${amount}</InstdAmt></Amt>` +
  `<Cdtr><Nm>${name}</Nm></Cdtr><CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>` +
  "<RmtInf><Ustrd>Payout 01234567</Ustrd></RmtInf></CdtTrfTxInf>";
const file = (transfers: string) =>
  '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">' +
  "<CstmrCdtTrfInitn><PmtInf><Dbtr><Nm>The network</Nm></Dbtr><DbtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id>" +
  `</DbtrAcct>${transfers}</PmtInf></CstmrCdtTrfInitn></Document>`;

it("whom a file pays, not who pays", () => {
  const [first, second] = transfersOf(
    file(
      transfer("0123456789abcdef0123456789abcdef", "Ada Lowe", "10.50") +
        transfer("fedcba9876543210fedcba9876543210", "Bob + Co", "3.00"),
    ),
  );
  expect(first).toEqual({
    payoutId: "01234567-89ab-cdef-0123-456789abcdef",
    name: "Ada Lowe",
    iban: "DE89370400440532013000",
    amount: "10.50",
    currency: "eur",
  });
  expect([second?.name, second?.amount]).toEqual(["Bob + Co", "3.00"]);
});

it("anything else is no file of transfers", () => {
  expect(() => transfersOf("<html></html>")).toThrow();
  expect(() => transfersOf(file(""))).toThrow();
});

it("an IBAN is compared in fours", () => {
  expect(grouped("DE89370400440532013000")).toBe("DE89 3704 0044 0532 0130 00");
});

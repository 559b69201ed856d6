// What a file of credit transfers asks the bank to do, read from the very file that the bank gets.

export interface BankTransfer {
  /** Of the payout. */
  readonly payoutId: string;
  readonly name: string;
  readonly iban: string;
  /** As it stands in the file, such as `10.50`. */
  readonly amount: string;
  readonly currency: string;
}

/** The transfers of a pain.001 of ours, in its order; throws when it is none. */
export function transfersOf(xml: string): BankTransfer[] {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  const transfers = [...tree.getElementsByTagName("CdtTrfTxInf")];
  if (transfers.length === 0) throw new Error("this is no file of credit transfers");
  return transfers.map((transfer) => {
    const said = (name: string) => transfer.getElementsByTagName(name)[0]?.textContent ?? "";
    return {
      payoutId: dashed(said("EndToEndId")),
      name: said("Nm"),
      iban: said("IBAN"),
      amount: said("InstdAmt"),
      currency: transfer.getElementsByTagName("InstdAmt")[0]?.getAttribute("Ccy")?.toLowerCase() ?? "",
    };
  });
}

/** The 32 digits that fit into a bank's field, as the id they are. */
function dashed(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** An IBAN in groups of four, as people compare it. */
export function grouped(iban: string): string {
  return iban.replace(/(.{4})(?=.)/g, "$1 ");
}

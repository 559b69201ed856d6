// What the codec knows of a message: its fields in order, and what each may hold.

export type Shape = Scalar | List | Struct;

export interface Scalar {
  readonly kind: "int" | "float" | "str" | "bool" | "bin";
}

export interface List {
  readonly kind: "list";
  readonly of: Shape;
}

/** A name, a shape, and what stands for the field when an older sender leaves it out. */
export type Field = readonly [string, Shape, (() => unknown)?];

export interface Struct {
  readonly kind: "struct";
  readonly tag?: string;
  readonly fields: readonly Field[];
}

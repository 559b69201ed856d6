declare module "*?classic" {
  /** One script without imports. */
  const text: string;
  export default text;
}

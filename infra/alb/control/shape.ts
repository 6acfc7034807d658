// The description of an operation's parameters: one table says what they are called, what they may hold and which must
// be there. Parsing, validation and the handlers' types all follow from it.

export interface TextShape<T extends string = string> {
  readonly kind: "text";
  readonly values?: readonly T[] | undefined;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
}

export interface IntegerShape {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
}

export interface BooleanShape {
  readonly kind: "boolean";
}

export interface ListShape<I extends Shape = Shape> {
  readonly kind: "list";
  readonly item: I;
  readonly max: number;
}

export interface StructureShape<M extends Members = Members> {
  readonly kind: "structure";
  readonly members: M;
}

// biome-ignore lint/suspicious/noExplicitAny: the recursion of the two generic kinds needs an open end
export type Shape = TextShape<any> | IntegerShape | BooleanShape | ListShape<any> | StructureShape<any>;

export interface Member<S extends Shape = Shape, R extends boolean = boolean> {
  readonly shape: S;
  readonly required: R;
}

export type Members = Readonly<Record<string, Member>>;

export type ValueOf<S> =
  S extends TextShape<infer T>
    ? T
    : S extends IntegerShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends ListShape<infer I>
          ? readonly ValueOf<I>[]
          : S extends StructureShape<infer M>
            ? InputOf<M>
            : never;

/** What a handler gets: required members are there, the others may be undefined. */
export type InputOf<M extends Members> = {
  readonly [K in keyof M]: M[K] extends Member<infer S, infer R>
    ? R extends true
      ? ValueOf<S>
      : ValueOf<S> | undefined
    : never;
};

export const required = <S extends Shape>(shape: S): Member<S, true> => ({ shape, required: true });
export const optional = <S extends Shape>(shape: S): Member<S, false> => ({ shape, required: false });

export const text = (bounds: Omit<TextShape, "kind" | "values"> = {}): TextShape => ({ kind: "text", ...bounds });
export const oneOf = <const T extends string>(...values: readonly T[]): TextShape<T> => ({ kind: "text", values });
export const integer = (min: number, max: number): IntegerShape => ({ kind: "integer", min, max });
export const boolean = (): BooleanShape => ({ kind: "boolean" });
export const list = <I extends Shape>(item: I, max = 1_000): ListShape<I> => ({ kind: "list", item, max });
export const structure = <M extends Members>(members: M): StructureShape<M> => ({ kind: "structure", members });

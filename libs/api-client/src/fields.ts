import type { Meta, SectionOf } from './sections.js';

/** The dotted names of everything in a view; lists are looked through. */
export type FieldOf<View> = NamesIn<Omit<View, '_meta'>>;

type NamesIn<T> = T extends readonly (infer Item)[]
  ? NamesIn<Item>
  : T extends object
    ? { [K in keyof T & string]: K | `${K}.${NamesIn<T[K]>}` }[keyof T & string]
    : never;

/** What of a view is answered where only these fields are asked for; all of it where none is. */
export type Selected<View, Field extends string> = [Field] extends [never]
  ? View
  : Chosen<Omit<View, '_meta'>, Field> & ChosenMeta<View, Field>;

type Chosen<T, Field extends string> = T extends readonly (infer Item)[]
  ? readonly Chosen<Item, Field>[]
  : T extends object
    ? {
        [K in keyof T as K extends HeadOf<Field> ? K : never]: K extends Field
          ? T[K]
          : Chosen<T[K], TailOf<K, Field>>;
      }
    : T;

type ChosenMeta<View, Field extends string> = View extends { readonly _meta: unknown }
  ? { readonly _meta: Meta<SectionOf<View> & HeadOf<Field>> }
  : { readonly _meta?: Meta<SectionOf<View> & HeadOf<Field>> };

type HeadOf<Field extends string> = Field extends `${infer Head}.${string}` ? Head : Field;
type TailOf<K, Field extends string> = Field extends `${K & string}.${infer Tail}` ? Tail : never;

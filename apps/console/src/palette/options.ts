import type { IconName } from '../ui/icons.tsx';

/** Something that can be chosen: a page, a thing, an action. */
export type Option = {
  readonly key: string;
  readonly name: string;
  /** What it is, where the name does not say so. */
  readonly note?: string | undefined;
  readonly icon: IconName;
  /** A page, or something that is done. */
  readonly to: string | (() => void);
};

export type OptionGroup = { readonly name: string; readonly options: readonly Option[] };

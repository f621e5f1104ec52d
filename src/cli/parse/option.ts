import type { ParseArgsConfig } from 'node:util';

type OptionConfig = NonNullable<ParseArgsConfig['options']>[string];

/** An option with its help text. */
export interface Option extends OptionConfig {
  /** Placeholder of its value in the help: `NAME`. Absent for a flag. */
  readonly value?: string;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

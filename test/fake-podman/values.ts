import type { Values } from './model.ts';

/** The value of a flag. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function number(values: Values, name: string): number | undefined {
  const value = text(values, name);
  return value === undefined ? undefined : Number(value);
}

/** Whether a flag without a value is set. */
export function flag(values: Values, name: string): boolean {
  return values[name] === true;
}

/** The values of a repeatable flag. */
export function texts(values: Values, name: string): readonly string[] {
  const value = values[name];
  return typeof value === 'object' ? value : [];
}

/** `NAME=VALUE` flags, such as labels. */
export function pairs(flags: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    flags.map((pair) => {
      const cut = pair.indexOf('=');
      return cut < 0 ? [pair, ''] : [pair.slice(0, cut), pair.slice(cut + 1)];
    }),
  );
}

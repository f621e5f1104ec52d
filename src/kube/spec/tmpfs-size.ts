const UNITS = 'kmgtp';

/**
 * The bytes of a tmpfs option `size`, such as `10m`, with units of 1024. Undefined for a text that podman or the kernel
 * refuses: podman refuses a share of the memory, such as `50%`, and the kernel a unit with a `B`.
 */
export function tmpfsBytes(text: string): number | undefined {
  const match = /^(\d+)([kmgtp]?)$/i.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? '').toLowerCase();
  return Number(match[1]) * 1024 ** (unit === '' ? 0 : UNITS.indexOf(unit) + 1);
}

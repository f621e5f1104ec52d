import { isObject, type JsonObject as Members } from '../../../base/json-members.ts';
import type { Json } from '../../../base/stable-json.ts';

export function membersOf(value: Json | undefined): Members {
  return isObject(value) ? value : {};
}

/** A string or number as text. Empty for any other value. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? value.toString() : '';
}

/** Removes members that are undefined or empty objects. */
export function withoutEmpty(members: Readonly<Record<string, Json | undefined>>): Members {
  return Object.fromEntries(
    Object.entries(members).filter(
      (entry): entry is [string, Json] =>
        entry[1] !== undefined && !(isObject(entry[1]) && Object.keys(entry[1]).length === 0),
    ),
  );
}

/** CPU and memory as quantities: `500m`, `64Mi`. */
export function quantitiesOf(resources: Json | undefined): Members | undefined {
  if (resources === undefined) return undefined;
  const amounts = ({ cpu, memory, ...rest }: Members) =>
    withoutEmpty({ ...rest, cpu: cpuOf(cpu), memory: bytesOf(memory) });
  const { limits, requests, ...rest } = membersOf(resources);
  return withoutEmpty({
    ...rest,
    limits: amounts(membersOf(limits)),
    requests: amounts(membersOf(requests)),
  });
}

function cpuOf(thousandths: Json | undefined): Json | undefined {
  if (typeof thousandths !== 'number') return thousandths;
  return thousandths % 1000 === 0 ? (thousandths / 1000).toString() : `${thousandths}m`;
}

const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Bytes as a quantity with the largest unit that keeps a whole number. */
export function bytesOf(bytes: Json | undefined): Json | undefined {
  if (typeof bytes !== 'number') return bytes;
  let [amount, unit] = [bytes, 0];
  for (; amount !== 0 && amount % 1024 === 0 && unit < UNITS.length - 1; unit++) amount /= 1024;
  return `${amount}${UNITS[unit] ?? ''}`;
}

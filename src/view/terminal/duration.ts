/** An elapsed time: `0.4 s`, `12 s`, `2 min 5 s`, `1 h 4 min`. */
export function formatElapsed(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, 60, 'min', 's');
  return pair(Math.floor(whole / 60), 60, 'h', 'min');
}

function pair(amount: number, base: number, big: string, small: string): string {
  const rest = amount % base;
  const whole = `${Math.floor(amount / base)} ${big}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/**
 * An age in the format of kubectl, with a second unit for small values: `110s`, `3m2s`, `4h`, `2d` (HumanDuration in
 * k8s.io/apimachinery/pkg/util/duration).
 */
export function formatAge(seconds: number): string {
  const age = Math.max(0, Math.floor(seconds));
  if (age < 2 * MINUTE) return units([age, 's']);
  if (age < 10 * MINUTE) return units([age / MINUTE, 'm'], [age % MINUTE, 's']);
  if (age < 3 * HOUR) return units([age / MINUTE, 'm']);
  if (age < 8 * HOUR) return units([age / HOUR, 'h'], [(age % HOUR) / MINUTE, 'm']);
  if (age < 2 * DAY) return units([age / HOUR, 'h']);
  if (age < 8 * DAY) return units([age / DAY, 'd'], [(age % DAY) / HOUR, 'h']);
  if (age < 2 * YEAR) return units([age / DAY, 'd']);
  if (age < 8 * YEAR) return units([age / YEAR, 'y'], [(age % YEAR) / DAY, 'd']);
  return units([age / YEAR, 'y']);
}

type Amount = readonly [number, string];

function units([first, unit]: Amount, second?: Amount): string {
  const text = `${Math.floor(first)}${unit}`;
  return second === undefined || Math.floor(second[0]) === 0 ? text : text + units(second);
}

import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';

/** A part of a name of the time zone database, as validTimeZoneCharacters in pkg/apis/batch/validation. */
const namePart = /^[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}$/;

/** Names that the runtime knows besides those of the time zone database (https://data.iana.org/time-zones/theory.html). */
const notInDatabase = /^(?:SystemV\/.*|(?!CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)[A-Z]{3})$/i;

/** The words of the names of the time zone database that have other letter case than `Berlin`, by their lower case. */
const oddWords: ReadonlyMap<string, string> = new Map(
  (
    'ACT CDT CET CHAT CST EDT EET EST GB GMT HST IN LHI MDT MET MST NSW NZ PDT PRC PST ROC ROK SU UCT US UTC W WET ' +
    'au es of BajaNorte BajaSur ComodRivadavia DeNoronha DumontDUrville EasterIsland McMurdo'
  )
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
);

/** validateTimeZone in pkg/apis/batch/validation: a name of the time zone database, in its letter case. */
export function* checkTimeZone(zone: string | undefined, path: FieldPath): Iterable<Finding> {
  if (zone === undefined || isTimeZone(zone)) return;
  const suggestion = knownName(zone);
  yield {
    code: 'invalid-time-zone',
    path,
    message: zone === '' ? 'must not be empty' : `'${zone}' is not a time zone`,
    ...(suggestion === undefined || suggestion === zone
      ? { help: "Use a name of the time zone database, such as 'Europe/Berlin' or 'Etc/UTC'." }
      : { suggestion }),
  };
}

function isTimeZone(zone: string): boolean {
  const parts = zone.split('/');
  if (parts.some((part) => part === '.' || part === '..' || !namePart.test(part))) return false;
  if (notInDatabase.test(zone)) return false;
  if (zone === 'Factory') return true;
  const known = knownName(zone);
  if (known === undefined) return false;
  // The runtime has one name for zones of several names, and ignores letter case.
  return known.toLowerCase() === zone.toLowerCase() ? known === zone : hasUsualCase(zone);
}

function knownName(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function hasUsualCase(zone: string): boolean {
  const words = zone.split(/[^A-Za-z]+/).filter((word) => word !== '');
  return words.every((word) => word === (oddWords.get(word.toLowerCase()) ?? usual(word)));
}

function usual(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleProblem } from '../../../src/kube/validation/workload/cron-schedule.ts';
import { checkTimeZone } from '../../../src/kube/validation/workload/time-zone.ts';
import { cronJob, serverFindings } from './workload-manifest.ts';

const valid = [
  '0 0 * * *',
  '*/5 0-23/2 1,15 jan-MAR Mon-fri',
  '? ? ? ? ?',
  '5/10 * * * 0-6',
  '+5 05 * * *',
  '1,,2 , * * *',
  '*-70 *-a-b * * *',
  ' 0\t0  * * *\u00a0',
  '0 0 31 2 *',
  '*/99999 * * * *',
  '@hourly',
  '@annually',
  '@every 1h30m',
  '@every -1.5s',
  '@every 0',
  '@every .5µs',
  '@every 2562047h',
];

const invalid: readonly (readonly [string, string])[] = [
  ['', 'must not be empty'],
  ['0 0 * *', "'0 0 * *' must have 5 fields, got 4"],
  ['0 0 0 * * *', "'0 0 0 * * *' must have 5 fields, got 6"],
  ['60 0 * * *', "the minute must be from 0 to 59, got '60'"],
  ['0 24 * * *', "the hour must be from 0 to 23, got '24'"],
  ['0 0 0 * *', "the day of month must be from 1 to 31, got '0'"],
  ['0 0 * 13 *', "the month must be from 1 to 12, got '13'"],
  ['0 0 * * 7', "the day of week must be from 0 to 6, got '7'"],
  ['0 0 * * 5-7', "the day of week must be from 0 to 6, got '5-7'"],
  ['0 0 * * x', "the day of week 'x' is not a number or a name (sun, mon ...), and must be from 0 to 6"],
  ['0 mon * * *', "the hour 'mon' is not a number, and must be from 0 to 23"],
  ['5-1 0 * * *', "the minute '5-1' begins after its end"],
  ['1-2-3 0 * * *', "the minute '1-2-3' may only contain one '-'"],
  ['1/2/3 0 * * *', "the minute '1/2/3' may only contain one '/'"],
  ['*/0 0 * * *', "the minute '*/0' needs a step of at least 1 after '/'"],
  ['*/-1 0 * * *', "the minute '*/-1' needs a step of at least 1 after '/'"],
  ['TZ=UTC 0 0 * * *', "must not contain a time zone: set 'timeZone' instead"],
  ['@reboot', "'@reboot' is not a schedule"],
  ['@Daily', "'@Daily' is not a schedule"],
  ['@every', "'@every' is not a schedule"],
  ['@every 5', "'@every 5' has no valid duration"],
  ['@every 1d', "'@every 1d' has no valid duration"],
  ['@every 1h 30m', "'@every 1h 30m' has no valid duration"],
  ['@every 2562048h', "'@every 2562048h' has no valid duration"],
];

for (const schedule of valid)
  test(`the schedule ${JSON.stringify(schedule)}`, () => {
    assert.equal(scheduleProblem(schedule), undefined);
  });

for (const [schedule, expected] of invalid)
  test(`the schedule ${JSON.stringify(schedule)} is invalid`, () => {
    assert.equal(scheduleProblem(schedule), expected);
  });

const zones =
  'Europe/Berlin Etc/UTC UTC GMT+0 Etc/GMT-14 US/East-Indiana GB-Eire NZ-CHAT W-SU PST8PDT Zulu Asia/Kolkata Asia/Calcutta ' +
  'America/Argentina/ComodRivadavia America/Knox_IN Africa/Dar_es_Salaam Antarctica/McMurdo Europe/Kyiv';
const noZones =
  'europe/berlin EUROPE/KYIV utc Us/Pacific Nz PST Ist JST SystemV/PST8 Local local Foo/Bar +01 Europe//Berlin ../UTC /UTC -UTC ' +
  'Mexico/Bajanorte Etc/GMT+15';

test('names of time zones', () => {
  const isZone = (zone: string): boolean => [...checkTimeZone(zone, [])].length === 0;
  assert.deepEqual(
    zones.split(' ').filter((zone) => !isZone(zone)),
    [],
  );
  assert.deepEqual([...noZones.split(' '), '', ' UTC', 'a'.repeat(15)].filter(isZone), []);
});

test('a schedule and a time zone of a CronJob', () => {
  assert.deepEqual(serverFindings(cronJob({ schedule: '@dayly', timeZone: 'europe/berlin' })), [
    "spec.schedule: '@dayly' is not a schedule, did you mean '@daily'? [invalid-schedule]",
    "spec.timeZone: 'europe/berlin' is not a time zone, did you mean 'Europe/Berlin'? [invalid-time-zone]",
  ]);
});

import type { DiagnosticRows } from './row.ts';

export const WORKLOAD = {
  'selector-mismatch': [
    'The labels of a template do not match the selector of its workload: it would not find its own pods.',
    '`selector: {matchLabels: {app: web}}` with `labels: {app: wep}`',
    'Write the same labels in both places.',
  ],
  'invalid-schedule': [
    'The schedule of a CronJob is invalid.',
    '`schedule: "0 0 * * 7"`',
    'Write five fields: minute, hour, day of month, month and day of week (0 to 6, or sun to sat).',
  ],
  'invalid-time-zone': [
    'A time zone is not a name of the time zone database.',
    '`timeZone: europe/berlin`',
    'Use the name with its letter case: `Europe/Berlin`.',
  ],
} as const satisfies DiagnosticRows;

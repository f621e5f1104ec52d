import type { DiagnosticCode } from '../../../base/diagnostic-code.ts';
import { DATA } from './data.ts';
import { MANIFEST } from './manifest.ts';
import { POD } from './pod.ts';
import { POD_RULES } from './pod-rules.ts';
import { PODMAN } from './podman.ts';
import type { DiagnosticRow, DiagnosticRows } from './row.ts';
import { SCHEDULING } from './scheduling.ts';
import { USAGE } from './usage.ts';
import { WORKLOAD } from './workload.ts';

/** The sections of docs/diagnostics.md with their rows. */
export const SECTIONS: readonly (readonly [title: string, rows: DiagnosticRows])[] = [
  ['The command line and the files it names', USAGE],
  ['The text of a manifest and its fields', MANIFEST],
  ['Pods and containers', { ...POD, ...POD_RULES, ...SCHEDULING }],
  ['Volumes, PersistentVolumeClaims, ConfigMaps and Secrets', DATA],
  ['Workloads', WORKLOAD],
  ['Podman and the machine', PODMAN],
];

/** Every code must have a row: a missing one is a type error here. */
export const DIAGNOSTICS: Readonly<Record<DiagnosticCode, DiagnosticRow>> = {
  ...USAGE,
  ...MANIFEST,
  ...POD,
  ...POD_RULES,
  ...SCHEDULING,
  ...DATA,
  ...WORKLOAD,
  ...PODMAN,
};

import type { Paint } from '../base/paint.ts';
import { sanitize } from '../base/sanitize.ts';
import type { InstalledUnit, ProjectUnit } from '../engine/install.ts';
import { paintPatch, textDiff } from './plan/spec-diff.ts';

/** A unified diff of a unit that was replaced. */
export function renderUnitChange({ path, before = '', text }: ProjectUnit, paint: Paint): string {
  const name = sanitize(path);
  return paintPatch([`--- ${name}`, `+++ ${name}`, ...textDiff(before, text), ''].join('\n'), paint);
}

/** What install has done, and what is left to do for the user. */
export function renderInstalled(
  { name, path }: Pick<ProjectUnit, 'name' | 'path'>,
  { change, start, isLingering }: InstalledUnit,
): string {
  const written = {
    created: `Wrote ${sanitize(path)}.\n`,
    replaced: `Replaced ${sanitize(path)}.\n`,
    none: '',
  };
  const running = {
    started: `Started ${name}: its pods start with the machine.`,
    restarted: `Restarted ${name} with its pods.`,
    none: `Nothing to do: ${name} is up to date, and runs.`,
  };
  return `${written[change]}${running[start]} 'journalctl --user -u ${name}' shows the logs.\n${lingering(isLingering)}`;
}

function lingering(isLingering: boolean | undefined): string {
  switch (isLingering) {
    case true:
      return '';
    case false:
      return "The pods start when you log in, and stop when you log out. 'loginctl enable-linger' starts them with the machine and keeps them running.\n";
    case undefined:
      return "logind does not tell whether lingering is enabled. Without it, the pods start when you log in, and stop when you log out: 'loginctl enable-linger' enables it.\n";
  }
}

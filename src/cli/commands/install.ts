import { defined } from '../../base/defined.ts';
import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { findUnit, installUnit, planUnit, uninstallUnit } from '../../engine/install.ts';
import { findProject } from '../../engine/target.ts';
import { podmanEnvironment } from '../../podman/client/environment.ts';
import { renderInstalled, renderUnitChange } from '../../view/units.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { planOptions, targetOptions } from '../options.ts';
import { flag, text, type OptionValues } from '../parse/option-values.ts';
import type { OptionName } from '../parse/options.ts';

/** `podpose install`: writes and starts a systemd user unit that runs `podpose up`. */
export const install: Command = {
  run: async (context) => {
    const { engine, platform, values, say, paintErr } = context;
    const options = planOptions(context);
    if (!options.ok) return options;
    const { files, kustomizations, project, hostIP } = options.value;
    const unit = await planUnit(engine, {
      ...{ files, kustomizations, project, hostIP, upArgs: upArgs(values) },
      podmanEnv: podmanEnvironment(platform.env, text(values, 'connection')),
      ...defined({ podman: text(values, 'podman') }),
    });
    if (!unit.ok) return unit;
    if (flag(values, 'dry-run')) {
      platform.stdout.write(unit.value.text);
      return success(EXIT.done);
    }
    const installed = await installUnit(engine, unit.value);
    if (!installed.ok) return installed;
    if (installed.value.change === 'replaced') say(renderUnitChange(unit.value, paintErr));
    say(renderInstalled(unit.value, installed.value));
    return success(EXIT.done);
  },
};

/** `podpose uninstall`: stops the pods and removes the unit. */
export const uninstall: Command = {
  run: async (context) => {
    const { engine, platform, say } = context;
    const found = findProject(platform, { ...targetOptions(context), namespace: undefined });
    if (found === undefined) return failed('usage', [WHOLE_PROJECTS]);
    if (!found.ok) return failed('usage', found.error);
    const { project } = found.value;
    const unit = await findUnit(platform, project);
    if (!unit.ok) return unit;
    const { name, path, before } = unit.value;
    if (before === undefined) {
      say(`Project '${project}' is not installed: ${path} does not exist.\n`);
      return success(EXIT.done);
    }
    const removed = await uninstallUnit(engine, unit.value);
    if (!removed.ok) return removed;
    say(
      `Removed ${name}. Its pods are stopped and kept: 'podpose -p ${project} start' starts them, 'podpose -p ${project} down' removes them.\n`,
    );
    return success(EXIT.done);
  },
};

const PASSED_ON = [
  'host-ip',
  'network',
  'infra-image',
  'ingress-image',
  'pull',
] as const satisfies readonly OptionName[];

function upArgs(values: OptionValues): readonly string[] {
  return PASSED_ON.flatMap((name) => {
    const value = text(values, name);
    return value === undefined ? [] : [`--${name}`, value];
  });
}

const WHOLE_PROJECTS = {
  code: 'whole-pods-only',
  severity: 'error',
  message: 'uninstall takes a project, not pods',
  help: 'Name its file or directory, or use -p PROJECT.',
} as const;

import { success } from '../../base/result.ts';
import { askCapabilities, type WatchNotice } from '../../engine/engine.ts';
import { failed, usageError } from '../../engine/failure.ts';
import { stopControl } from '../../engine/stop-control.ts';
import { jobRunner } from '../../engine/run-jobs.ts';
import { podRestarter } from '../../engine/restart-pod.ts';
import { findProject } from '../../engine/target.ts';
import { runWatcher, watcherName, type WatcherEnd } from '../../engine/project-watcher.ts';
import { isChangedByOther } from '../../engine/watch-lock.ts';
import { watchWords } from '../../view/status/watch-words.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { targetOptions, watcherSettings } from '../options.ts';

/** The size limit of the log, in bytes. */
const LOG_BYTES = 10_000_000;

/** How long to wait for the process that watched before, in milliseconds. */
const PATIENCE_MILLISECONDS = 5000;

/** `podpose watch`: restarts containers that end, until the pods are gone. */
export const watch: Command = {
  run: async (context) => {
    const { engine, platform, version } = context;
    const settings = watcherSettings(context);
    if (settings === undefined) return failed('usage', [CANNOT_WATCH]);
    const found = findProject(platform, { ...targetOptions(context), namespace: undefined });
    if (found?.ok === false) return failed('usage', found.error);
    if (found === undefined) return failed('usage', [WHOLE_PROJECTS]);
    const { project } = found.value;
    const log = (text: string) => {
      platform.stderr.write(`${new Date(platform.today()).toISOString()} ${text}\n`);
      platform.background.limitLog(watcherName(project), LOG_BYTES);
    };
    let written = Promise.resolve();
    const logNotice = async (notice: WatchNotice) => {
      const { waitSeconds, ...end } = notice;
      // Who stops a container, or restarts it, decides what follows.
      const isRestarted = waitSeconds === undefined || !(await isChangedByOther(engine, project));
      log(watchWords(isRestarted ? notice : end));
    };
    const control = stopControl(platform);
    const asked = await askCapabilities(engine);
    if (!asked.ok) return asked;
    try {
      log(`watching project ${project} (podpose ${version}, process ${platform.pid})`);
      const end = await runWatcher(engine, {
        ...{ project, settings, version, restartPod: podRestarter(engine, project, settings) },
        stop: control.stop,
        patience: PATIENCE_MILLISECONDS,
        // An attached up may have begun since this process was started.
        isYielding: true,
        onNotice: (notice) => {
          written = written.then(() => logNotice(notice));
        },
        runJob: jobRunner(engine, project, settings),
        onJob: log,
        onTrouble: (message) => {
          log(message);
        },
      });
      await written;
      if (!end.ok) return end;
      log(END_WORDS[end.value]);
      return success(end.value === 'busy' ? EXIT.failed : EXIT.done);
    } finally {
      control.release();
    }
  },
};

const END_WORDS: Readonly<Record<WatcherEnd, string>> = {
  'nothing-left': 'nothing is left to watch',
  stopped: 'stopped; the containers go on',
  replaced: 'another podpose watches from now on',
  watched: 'another podpose watches already',
  busy: 'another process watches this project and does not answer',
};

const CANNOT_WATCH = usageError(
  'option-value',
  'containers are restarted by podman: PODPOSE_WATCH is off, or podman is remote',
  'Unset PODPOSE_WATCH, and run podpose on the machine of the containers.',
);

const WHOLE_PROJECTS = usageError(
  'whole-pods-only',
  'watch takes a project, not pods',
  'Name its file or directory, or use -p PROJECT.',
);

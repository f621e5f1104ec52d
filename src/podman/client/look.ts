import {
  succeeded,
  type ProcessEnd,
  type ProcessOutput,
  type ProcessRunner,
} from '../../platform/process.ts';

/** How often podman is asked at most. Things seldom go twice in a row. */
const ATTEMPTS = 5;

/**
 * What podman says where something goes while it looks: `could not find container 64.. pod (id af..) in state: no
 * such pod` (podman 4.3.1). It then lists nothing at all, also where what went was none of ours.
 */
const GONE = /no such (?:pod|container|volume|image)|(?:image|layer|container) not known/;

/**
 * Asks podman for a list, and once more where something that was to be in it has just been removed.
 * @param isAnswer whether what podman says will do
 */
export async function look(
  run: ProcessRunner,
  podman: string,
  args: readonly string[],
  isAnswer: (answer: ProcessEnd & ProcessOutput) => boolean = succeeded,
): Promise<ProcessEnd & ProcessOutput> {
  for (let attempt = 1; ; attempt++) {
    const answer = await run.query(podman, args);
    if (isAnswer(answer) || attempt === ATTEMPTS || !GONE.test(answer.stderr)) return answer;
  }
}

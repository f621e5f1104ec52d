import { succeeded } from '../../platform/process.ts';
import type { Answer, PodmanClient, Query } from './client.ts';

/** How often podman is asked at most. Things seldom go twice in a row. */
const ATTEMPTS = 5;

/**
 * What podman says where something goes while it lists: `could not find container 64.. pod (id af..) in state: no
 * such pod` (podman 4.3.1). It then lists nothing at all, also where what went was none of ours.
 */
const GONE = /no such (?:pod|container|volume|image)|(?:image|layer|container) not known/;

/**
 * Asks podman for a list, and once more where something that was to be in it has just been removed.
 * @param isAnswer whether what podman says is an answer
 */
export async function askList(
  podman: PodmanClient,
  query: Query,
  isAnswer: (answer: Answer) => boolean = succeeded,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await podman.query(query);
    if (isAnswer(answer) || attempt === ATTEMPTS || !GONE.test(answer.stderr)) return answer;
  }
}

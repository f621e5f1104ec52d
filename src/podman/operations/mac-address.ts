import { digest } from '../../base/digest.ts';

/** A locally administered unicast address that follows from a text. */
export function macAddress(text: string): string {
  const bytes = digest(text).slice(-10).match(/../g) ?? [];
  return ['02', ...bytes].join(':');
}

import { defined } from '../../../base/defined.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';
import { checkName, portName, validName } from '../names.ts';

const LAST_PORT = 65535;

/** A port number (IsValidPortNum in k8s.io/apimachinery/pkg/util/validation). An unset value is valid. */
export function* checkPortNumber(port: number | undefined, path: FieldPath): Iterable<Finding> {
  if (port === undefined || (port >= 1 && port <= LAST_PORT)) return;
  yield { code: 'port-range', path, message: `must be between 1 and ${LAST_PORT}, got ${port}` };
}

/** A port number, or the name of a port of a container. An unset value is valid. */
export function* checkPort(port: number | string | undefined, path: FieldPath): Iterable<Finding> {
  if (typeof port === 'string') yield* checkPortReference(port, path);
  else yield* checkPortNumber(port, path);
}

/** The name of a port of other objects, which gets the same valid name as this reference. */
export function* checkPortReference(port: string, path: FieldPath): Iterable<Finding> {
  const replacement = /^\d+$/.test(port) ? port : validName(portName, port);
  for (const finding of checkName(portName, port, path)) yield { ...finding, ...defined({ replacement }) };
}

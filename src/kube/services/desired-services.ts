import type { Location } from '../../base/location.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { ofKind } from '../config/object-set.ts';
import type { DesiredService } from '../spec/desired-service.ts';
import { convertService } from './convert.ts';

/** A Service with the source locations of its fields. */
export interface SourcedService {
  readonly service: DesiredService;
  readonly locate: (path: FieldPath) => Location;
}

/**
 * The Services of the files that the schema accepts.
 * @param hostIP the host address of published ports
 */
export function desiredServices(
  documents: readonly CheckedDocument[],
  hostIP: string,
): readonly SourcedService[] {
  return ofKind(documents, 'Service').flatMap(({ complete, locate }) =>
    complete === undefined ? [] : [{ service: convertService(complete, hostIP), locate }],
  );
}

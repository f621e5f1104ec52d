import type { CheckedObject } from '../../../manifest/checked-document.ts';

export type Service = CheckedObject<'Service'>;
export type ServiceSpec = NonNullable<Service['value']['spec']>;

import { observe } from '../../podman/observe.ts';
import { renderPs } from '../../report/ps.ts';
import { EXIT } from '../exit-codes.ts';
import { choice } from '../option-values.ts';
import { findTarget } from '../target.ts';
import { flag, type Verb } from '../session.ts';

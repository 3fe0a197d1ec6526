import type { Input } from '@offload/contracts/define-task';
import { TaskError } from '@offload/contracts/errors';
import type { imageResize } from '@offload/contracts/image-resize';
import { VARIANT_DEFAULTS, variantFaults, type VariantLook } from '@offload/contracts/image-resize-variant';

/** What an operator configured, by name (docs/images.md). */
export type Presets = ReadonlyMap<string, VariantLook>;

type Asked = Input<typeof imageResize>['variants'][number];
type Defaults = keyof typeof VARIANT_DEFAULTS;

/** All that is asked of a variant, its preset and the defaults merged in. */
export type Variant = Omit<VariantLook, Defaults> & Required<Pick<VariantLook, Defaults>>;

/**
 * Merges a variant with its preset and the defaults: what is given wins over the preset, which wins over the defaults.
 * Throws permanent TaskErrors: `unknown-preset`, and `input-invalid` when the two contradict each other.
 */
export function completeVariant({ name: _, preset, ...given }: Asked, presets: Presets): Variant {
  const configured = preset === undefined ? {} : presets.get(preset);
  if (!configured) throw unknownPreset(preset!, presets);
  const merged = { ...VARIANT_DEFAULTS, ...defined(configured), ...defined(given) };
  const [fault] = variantFaults(merged);
  if (fault)
    throw new TaskError('input-invalid', `With the preset ${preset}, ${fault[0]}: ${fault[1]}.`, {
      retry: 'no',
    });
  return merged;
}

function unknownPreset(preset: string, presets: Presets): TaskError {
  const known =
    presets.size === 0 ? 'none is configured' : `configured are ${[...presets.keys()].join(', ')}`;
  return new TaskError('unknown-preset', `There is no preset ${preset}; ${known} (IMAGE_PRESETS).`, {
    retry: 'no',
  });
}

/** An undefined value must not hide the one below it. */
const defined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

import { z } from 'zod';
import { colour } from './image-resize-colour.js';
import { fileName } from './source.js';

/**
 * What is taken, checked on the header before anything is decoded; pixels and side hold for each variant, too.
 * `side` in pixels is WebP's (14 bits, RFC 9649 section 2.5). `frames` and `framePixels` (all frames together) hold
 * for animations that are kept, `outputBytes` for each variant, `svgBytes` for an SVG where it is taken.
 */
export const IMAGE_LIMITS = {
  pixels: 50_000_000,
  bytes: 50 * 1024 * 1024,
  side: 16_383,
  channels: 5,
  frames: 1_000,
  framePixels: 200_000_000,
  outputBytes: 50 * 1024 * 1024,
  svgBytes: 2 * 1024 * 1024,
} as const;

const side = z.int().min(1).max(IMAGE_LIMITS.side);
const offset = z.int().min(0).max(65_535);

export const imageFormat = z.enum(['jpeg', 'png', 'webp', 'avif', 'gif']);

export const PLACES = [
  'centre',
  'center',
  'top',
  'bottom',
  'left',
  'right',
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
] as const;

const position = z
  .union([
    z.enum([...PLACES, 'attention', 'entropy']),
    z.strictObject({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }),
  ])
  .describe(
    'What cover keeps and where contain puts the picture: one of nine places, `attention` (faces, skin, strong ' +
      'colours), `entropy` (detail), or a focal point {x, y} in shares of the sides from the upper left; `centre` by default',
  )
  .meta({ default: 'centre' });

/** What can be asked of a variant, its name and its preset apart. */
const look = {
  width: side.optional(),
  height: side.optional(),
  fit: z
    .enum(['cover', 'contain', 'inside', 'outside', 'fill'])
    .optional()
    .describe(
      'How it fits when both sides are given: cover crops, contain adds a border (transparent; white in jpeg), ' +
        'inside and outside keep the shape, fill does not',
    )
    .meta({ default: 'inside' }),
  position: position.optional(),
  background: colour
    .optional()
    .describe(
      'The colour of a border; one that is opaque lies behind transparent parts, too. By default transparent, and ' +
        'white in jpeg',
    ),
  enlarge: z
    .boolean()
    .optional()
    .describe('Small images are not enlarged unless asked for')
    .meta({ default: false }),
  format: z
    .enum([...imageFormat.options, 'auto'])
    .optional()
    .describe(
      'auto looks at the picture: jpeg for a photo, png for flat colours, webp for a photo with transparent parts ' +
        'and for an animation',
    )
    .meta({ default: 'webp' }),
  quality: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe(
      '1 to 100; by default 80, in avif 63 (which looks the same). Not used for gif, nor for png without colours',
    ),
  lossless: z.boolean().optional().describe('webp and avif only; png is lossless unless `colours` is given'),
  effort: z
    .int()
    .min(0)
    .max(9)
    .optional()
    .describe(
      'How hard the encoder tries: time for bytes. By default what suits the format; jpeg below 4: no mozjpeg',
    ),
  progressive: z
    .boolean()
    .optional()
    .describe('Shows up coarse first while it loads: jpeg (by default), png and gif (not by default)'),
  colours: z
    .int()
    .min(2)
    .max(256)
    .optional()
    .describe('png and gif only: a palette of so many colours at most (gif: 256 by default)'),
  maxBytes: z
    .int()
    .min(100)
    .max(IMAGE_LIMITS.outputBytes)
    .optional()
    .describe('jpeg, webp and avif only: the quality is lowered until the file has at most so many bytes'),
  animated: z
    .boolean()
    .optional()
    .describe(
      `webp, gif and auto only: an animation stays one, up to ${IMAGE_LIMITS.frames} frames; else one frame`,
    )
    .meta({ default: false }),
  page: z.int().min(0).max(65_535).optional().describe('Which page or frame, from 0').meta({ default: 0 }),
  crop: z
    .strictObject({ left: offset, top: offset, width: side, height: side })
    .optional()
    .describe(
      'A part of the picture as seen (EXIF orientation applied), in its pixels, before all that follows',
    ),
  trim: z
    .strictObject({
      threshold: z
        .int()
        .min(0)
        .max(255)
        .optional()
        .describe('How far from the border colour')
        .meta({ default: 10 }),
    })
    .optional()
    .describe('Cuts off a border of one colour (that of the upper left pixel)'),
  rotate: z
    .number()
    .min(-360)
    .max(360)
    .optional()
    .describe(
      'Degrees clockwise, before resizing; other than by 90 it adds corners of the background colour',
    ),
  flip: z.boolean().optional().describe('Upside down'),
  flop: z.boolean().optional().describe('Left to right'),
  grayscale: z.boolean().optional().describe('Shades of grey'),
  blur: z.number().min(0.3).max(100).optional().describe('Sigma of a Gaussian, in pixels of the variant'),
  sharpen: z.number().min(0.3).max(10).optional().describe('Sigma, in pixels of the variant'),
  keepCopyright: z
    .boolean()
    .optional()
    .describe("Keeps EXIF's Copyright and Artist; all other metadata is dropped always"),
  keepProfile: z
    .boolean()
    .optional()
    .describe(
      'Keeps the colours and the profile of an RGB image with a profile, instead of converting to sRGB',
    ),
};

export type VariantLook = z.output<z.ZodObject<typeof look>>;

/** What a variant has when neither it nor its preset says otherwise. */
export const VARIANT_DEFAULTS = {
  fit: 'inside',
  format: 'webp',
  enlarge: false,
  position: 'centre',
} as const;

type Fault = [field: keyof VariantLook, message: string];

/** Options that contradict each other, with the field to blame. A format that is not known yet (a preset's) allows all. */
export function variantFaults(v: VariantLook): Fault[] {
  const rules: [wrong: unknown, ...fault: Fault][] = [
    [
      v.animated && only(v, 'webp', 'gif', 'auto'),
      'animated',
      'an animation is kept in webp, gif and auto only',
    ],
    [v.lossless && only(v, 'webp', 'avif', 'png', 'auto'), 'lossless', 'is for webp, avif and png'],
    [v.colours && only(v, 'png', 'gif', 'auto'), 'colours', 'is for png and gif'],
    [v.maxBytes && only(v, 'jpeg', 'webp', 'avif'), 'maxBytes', 'is for jpeg, webp and avif'],
    [v.maxBytes && v.lossless, 'maxBytes', 'has no quality to lower when lossless'],
    [v.maxBytes && v.animated, 'maxBytes', 'is not for animations'],
    [v.trim && v.crop, 'trim', 'give trim or crop, not both'],
    [v.animated && v.page, 'page', 'an animation is all of its frames'],
    [v.keepProfile && v.grayscale, 'keepProfile', 'has no colours to keep in grayscale'],
    [v.keepProfile && v.animated, 'keepProfile', 'is not for animations'],
  ];
  return rules.flatMap(([wrong, field, message]) => (wrong ? [[field, message] satisfies Fault] : []));
}

const only = ({ format }: VariantLook, ...formats: string[]): boolean =>
  format !== undefined && !formats.includes(format);

/** A preset of the operator's configuration: a variant without a name. */
export const variantPreset = z.strictObject(look).superRefine((v, check) => {
  for (const [field, message] of variantFaults(v)) check.addIssue({ code: 'custom', message, path: [field] });
});

export const presetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes');

export const variant = z
  .strictObject({
    name: fileName
      .optional()
      .describe(
        'The file name; otherwise made from what is asked: w64.webp, w64-h32.jpg; auto has no extension',
      ),
    preset: presetName
      .optional()
      .describe('Begins with what the operator configured under this name; what is given here wins'),
    ...look,
  })
  .superRefine((v, check) => {
    if (v.width === undefined && v.height === undefined && v.preset === undefined)
      check.addIssue({ code: 'custom', message: 'give a width, a height or both', path: ['width'] });
    const format = v.format ?? (v.preset === undefined ? VARIANT_DEFAULTS.format : undefined);
    for (const [field, message] of variantFaults({ ...v, format }))
      check.addIssue({ code: 'custom', message, path: [field] });
  });

type Named = Pick<z.output<typeof variant>, 'name' | 'preset' | 'width' | 'height' | 'format'>;

/**
 * The file name of each variant, in their order. A function of the input alone, so that a later task can name
 * the file before it exists. Names that are not given are made from the preset's name and the asked sides, with `-2`,
 * `-3` … when taken. `auto`, and a preset whose format is not overridden, have no extension: it is not known yet.
 */
export function variantNames(variants: readonly Named[]): string[] {
  const taken = new Set(variants.flatMap(({ name }) => name ?? []));
  return variants.map(({ name, preset, width, height, format }) => {
    if (name !== undefined) return name;
    const stem = [preset, width && `w${width}`, height && `h${height}`].filter(Boolean).join('-');
    const ending = extension(format ?? (preset === undefined ? VARIANT_DEFAULTS.format : 'auto'));
    let free = stem + ending;
    for (let n = 2; taken.has(free); n++) free = `${stem}-${n}${ending}`;
    taken.add(free);
    return free;
  });
}

const extension = (format: NonNullable<Named['format']>): string =>
  format === 'auto' ? '' : format === 'jpeg' ? '.jpg' : `.${format}`;

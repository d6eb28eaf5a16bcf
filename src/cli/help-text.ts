/**
 * @file The text of `pool2d --help` around the list of options.
 */

export const helpText = `
Shapes:
  Arrays are [N, C, H, W], [C, H, W] or one plane [H, W]; with --layout NHWC the channels come last.
  Two axes are pooled, unless an option has one number per axis (--size 2x2x2: [C, D, H, W] or [N, C, D, H, W])
  or the shape leaves no choice: [L] is pooled along its one axis, [N, C, D, H, W] along its last three.
  To pool the last axis alone, as 1-D pooling of [N, C, L] does, give --size 1x3.
  The stride is the size unless given (as in PyTorch; Pool2D of the tutorial has 1).

Numbers:
  Arrays follow the library, which follows PyTorch; only averages of integers are rounded as pixels are.
  --rounding: half-even (to the nearest, halves to the even neighbour), half-up (halves away from zero), floor,
  or trunc (toward zero, as in PyTorch). It is for averages of integer arrays and of pixels, whose sums are exact,
  and for all other modes but sum of pixels, whose arrays must be floats. What exceeds the type's range becomes its end; pixels say so.
  Images are pooled channel by channel, alpha like any other channel, so colour under transparent pixels counts;
  with --alpha weighted it counts by its alpha, and with --light linear colours mix as light does.
  Samples keep their bits and colour profile, and are turned upright; nothing is scaled. JPEG is written with
  quality 90 and no chroma subsampling, WebP losslessly.
  blur, max-blur and area weigh elements: their arrays must be floats. spatial-pyramid gives [N, features] of arrays.
  --mask leaves out elements where it is 0: a plane [H, W], one per sample, or of the input's shape. A TIFF's GDAL_NODATA
  is left out unless --nodata gives another value, or none.
  Indices are flat in the plane of the pooled axes, -1 for windows that touch no element. Counts are the elements that --mask
  and --nodata leave in each window; padding is none.

Files:
  Formats go by the output's name: .png .jpg .webp .tif for images (or .npy, [H, W, C]), .npy, .npz.
  Without -o the result goes beside the input, photo.png to photo.pool.png; standard input to standard output.
  For several inputs -o is a folder (small/) or a template of {dir}, {name} and {ext}: '{dir}/{name}.small{ext}'.
  Without -o, and with a template, results of an earlier run that are among the inputs are left out.
  Files appear whole or not at all. Existing ones are kept unless --force; inputs are never overwritten.
  Image files need sharp: npm install sharp, or npx -p sharp -p pool2d pool2d ...
  TIFFs keep 8 to 32-bit integers and floats; some need geotiff too. Members of a .npz that are no numbers,
  or too small, are left out with a note, and fail where --member asks for them.

Exit codes:
  0 done   1 failure   2 usage   3 some inputs failed   4 would overwrite   130 interrupted (128 + the signal)

Examples:
  pool2d photo.jpg -o small.png --mode max --size 2
  pool2d x.npy -o y.npy --mode average --size 3 --stride 2 --padding 1
  pool2d 'photos/*.jpg' -o 'small/{name}.png' --output-size 64x64 --mode average
  pool2d - --global < features.npy > pooled.npy
  pool2d shape 3x2x5x5 --size 2 --stride 1`

/**
 * @file F12: pyramids as other tools get them wrong: edges, ties, half pixels, torn chunks, runs that go on too early.
 */
export const pyramids = {
  title: 'pyramids whose values, places or promises are slightly wrong',
  tests: ['test/pyramid/downsample.test.ts', 'test/pyramid/zarr.test.ts', 'test/pyramid/pyramid.test.ts'],
  mutants: [
    {
      name: 'a window that the end cuts reads on',
      file: 'src/pyramid/downsample/windows.ts',
      find: 'extent: n - whole * factor }',
      replace: 'extent: factor }',
      tests: ['test/pyramid/downsample.test.ts'],
    },
    {
      name: 'of values that tie, the mode is the largest',
      file: 'src/pyramid/downsample/reduce.ts',
      find: 'if (end - i > length)',
      replace: 'if (end - i >= length)',
      tests: ['test/pyramid/downsample.test.ts'],
    },
    {
      name: 'a chunk that is cut short is read as zeros',
      file: 'src/pyramid/zarr/chunk-codec.ts',
      find: 'if (plain.length !== wanted && !clipped)',
      replace: 'if (plain.length > wanted)',
      tests: ['test/pyramid/zarr.test.ts'],
    },
    {
      name: 'checksums are read and not compared',
      file: 'src/pyramid/zarr/codecs.ts',
      find: 'if (stored === found) return body',
      replace: 'if (stored !== undefined) return body',
      tests: ['test/pyramid/zarr.test.ts'],
    },
    {
      name: 'levels are not moved by half a pixel',
      file: 'src/pyramid/plan/plan-levels.ts',
      find: '(factors[axis]! - 1)) / 2',
      replace: '(factors[axis]! - 1)) / 1',
      tests: ['test/pyramid/pyramid.test.ts'],
    },
    {
      name: 'objects that are gone count as done',
      file: 'src/pyramid/run/manifest.ts',
      find: 'bytes === 0 || sizes.get(key) === bytes',
      replace: 'bytes === 0 || sizes.size >= 0',
      tests: ['test/pyramid/pyramid.test.ts'],
    },
    {
      name: 'a source that changed after it was read goes unnoticed',
      file: 'src/pyramid/run/manifest.ts',
      find: 'else changed.add(task)',
      replace: 'else same.add(stage, task)',
      tests: ['test/pyramid/pyramid.test.ts'],
    },
    {
      name: "a TIFF's nodata counts as a number",
      file: 'src/pyramid/plan/plan-pyramid.ts',
      find: 'nodata = info.nodata,',
      replace: 'nodata,',
      tests: ['test/pyramid/tiff.test.ts'],
    },
    {
      name: 'a file that ends early is read as zeros',
      file: 'src/pyramid/source/file-box.ts',
      find: 'if (read === 0) throw',
      replace: 'if (read === 0) return\n    if (read < 0) throw',
      tests: ['test/pyramid/tiff.test.ts'],
    },
    {
      name: 'the means of indices of a palette are taken',
      file: 'src/pyramid/plan/plan-options.ts',
      find: "['auto', 'mode', 'stride']",
      replace: "['auto', 'mode', 'mean', 'stride']",
      tests: ['test/pyramid/tiff.test.ts'],
    },
    {
      name: 'predicted samples of the other byte order are summed as they lie',
      file: 'src/pyramid/source/tiff-block.ts',
      find: 'if (isTurned && !isFloating) reverseEach',
      replace: 'if (isTurned && !isFloating && predictor !== horizontal) reverseEach',
      tests: ['test/pyramid/tiff.test.ts'],
    },
  ],
}

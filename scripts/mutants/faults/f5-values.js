/**
 * @file F5: windows of NaN, of -Infinity, of negative numbers only: wrong first values, NaN that is dropped.
 */
export const values = {
  title: 'wrong first values, and NaN that gets lost',
  tests: ['test/ops/legal-inputs'],
  mutants: [
    {
      name: 'maxima in plain loops start at 0',
      file: 'src/kernels/scalar/extremum.ts',
      find: 'let best = Number.NEGATIVE_INFINITY',
      replace: 'let best = 0',
    },
    {
      name: 'maxima in WebAssembly start at the lowest finite number',
      file: 'src/kernels/wasm/assembly/reducers.ts',
      find: 'if (isFloat<T>()) return <T>-Infinity',
      replace: 'if (isFloat<T>()) return <T>-1e38',
    },
    {
      name: 'NaN loses in the reference',
      file: 'src/reducers/extremum.ts',
      find: 'value > best || value !== value',
      replace: 'value > best',
    },
    {
      name: 'NaN loses in the scalar tail of a row, in WebAssembly',
      file: 'src/kernels/wasm/assembly/reducers.ts',
      find: 'return isFloat<T>() ? better || later != later : better',
      replace: 'return better',
    },
    {
      name: 'NaN loses in vectors, in WebAssembly',
      file: 'src/kernels/wasm/assembly/reducers.ts',
      find: 'return isFloat<T>() ? v128.or(better, v128.ne<T>(later, later)) : better',
      replace: 'return better',
    },
    {
      name: 'NaN in the last vector of a row is missed',
      file: 'src/kernels/wasm/assembly/fold.ts',
      find: 'mask)\n        a = join<T, R>(a, va)\n        if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)\n',
      replace: 'mask)\n        a = join<T, R>(a, va)\n',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'van Herk columns after direct rows do not check for NaN',
      file: 'src/kernels/wasm/folds/separable.ts',
      find: 'probing < 0 || i <= probing',
      replace: 'i === 0',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'columns drop the NaN found in rows',
      file: 'src/kernels/wasm/extrema/extremum.ts',
      find: 'hasNaN ||= run(block) !== 0',
      replace: 'hasNaN = run(block) !== 0',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'transposed rows do not check for NaN',
      file: 'src/kernels/wasm/assembly/van-herk-rows.ts',
      find: 'return losesNaN<T, R>() && sawNaN<T>(probe)',
      replace: 'return false',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'the gradient of a norm multiplies powers beyond the range of float64',
      file: 'src/kernels/wasm/assembly/powers.ts',
      find: '    isWild = v128.any_true(wild)\n',
      replace: '',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'the gradient of a norm spreads a NaN outside all windows',
      file: 'src/kernels/wasm/norms/lp-grad.ts',
      find: 'dst, inSize, 1) !== 0\n',
      replace: 'dst, inSize, 0) !== 0\n',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'of several NaN the first is picked',
      file: 'src/kernels/scalar/extremum.ts',
      find: 'if (value !== value || (value === best && index < 0))',
      replace: 'if (index < 0 && (value !== value || value === best))',
    },
    {
      name: 'of equal elements the last wins, in the reference',
      file: 'src/reducers/extremum.ts',
      find: 'value > best || value !== value',
      replace: 'value >= best || value !== value',
    },
    {
      name: 'half precision forgets a NaN in the gradient of the largest magnitude',
      file: 'src/ops/reduce/magnitude.ts',
      find: 'absolute > infinity ? source[i]! : target',
      replace: 'target',
      tests: ['test/ops/relations/norms.test.ts'],
    },
    {
      name: 'the sums of a band are read where they lay before memory grew',
      file: 'src/kernels/wasm/extrema/bands.ts',
      find: `    if (!add(own, plane, gradients(plane * outPlane + own.outputsAt), sums)) return null
    output.copy(to)
    // A band with a NaN takes more memory, which replaces the views from before.
    return instance.view(kind.array, sums, adds).slice(done)
`,
      replace: `    const before = instance.view(kind.array, sums, adds)
    if (!add(own, plane, gradients(plane * outPlane + own.outputsAt), sums)) return null
    output.copy(to)
    return before.slice(done)
`,
      tests: ['test/kernels/wasm/find-halves.test.ts'],
    },
    {
      name: 'norms of bfloat16 take powers beyond the range of float32',
      file: 'src/kernels/wasm/norms/norms-by-window.ts',
      find: 'const isAny = hasWild(src, size) !== 0\n',
      replace: 'const isAny = hasWild(src, size) > 1\n',
      tests: ['test/kernels/wasm/half-norms.test.ts'],
    },
    {
      name: 'norms with shared sums do not scale the shares of full windows',
      file: 'src/kernels/wasm/norms/lp-grad.ts',
      find: `    scaled?.(shares, shares, 0)
    multiplyBy(sums.op, shares, size, scale ?? 1)
    return isWild
`,
      replace: `    scaled?.(shares, shares, 0)
    return isWild
`,
      tests: ['test/kernels/kernels-other.test.ts', 'test/ops/relations/norms.test.ts'],
    },
  ],
}

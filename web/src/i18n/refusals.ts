/**
 * @file The library's refusals in Chinese: each of its rules and repairs that this page can meet. The argument and its value stay as they are.
 */
import type { Language } from '../../../src/render/state.ts'

const effective = String.raw`effective window (\d+) \(window (\d+), dilation (\d+)\)`

/** Patterns of the English, and what stands for them; `$1` is the first number that the message names. */
const phrases: readonly (readonly [RegExp, string])[] = [
  // Windows and padding.
  [
    new RegExp(
      String.raw`with padding \[(\d+), (\d+)\] the ${effective} fits (-?\d+) times; it must fit at least once`,
    ),
    '填充为 [$1, $2] 时，有效窗口 $3（窗口 $4，膨胀 $5）放得下 $6 次，但至少要放得下一次',
  ],
  [
    new RegExp(`must be at most (\\d+), half of the ${effective}`),
    '不得超过 $1，即有效窗口 $2（窗口 $3，膨胀 $4）的一半',
  ],
  [new RegExp(`must be less than the ${effective}`), '必须小于有效窗口 $1（窗口 $2，膨胀 $3）'],
  [
    /(\d+) windows of (\d+) need an input of at least (\d+), which has (\d+)/,
    '$1 个大小为 $2 的窗口至少需要 $3 个输入元素，而输入只有 $4 个',
  ],
  [
    /must lie between (-?\d+) and (-?\d+), less than the stride (\d+) off (-?\d+)/,
    '必须在 $1 与 $2 之间，与 $4 相差不到步幅 $3',
  ],
  [/must be a whole number from (\d+) to (\d+)(, or an array of \d+)?/, '必须是 $1 到 $2 的整数'],
  [/must be a whole number other than 0/, '必须是 0 以外的整数'],
  [/Make the window smaller or the input larger\./, '请减小窗口，或增大输入。'],
  [/Lower the padding, or give \[before, after\] pairs\./, '请减小填充，或分别给出 [前, 后]。'],
  [
    /Lower the padding, or use pool2d\/onnx, which takes pads of any width\./,
    '请减小填充；pool2d/onnx 接受任意宽度的填充。',
  ],
  [/Pass e\.g\. (\d+)\./, '例如 $1。'],
  [/Ask for a smaller output or window\./, '请减小输出或窗口。'],
  [/Pass the shape of the tensor that was pooled\./, '请给出池化之前的形状。'],
  [/Ask for a smaller output\./, '请减小输出。'],
  // Blurs, labels and elements that are left out.
  [
    /padMode "(\w+)" of a filter of (\d+) needs an input of at least (\d+)/,
    '大小为 $2 的滤波器在 padMode "$1" 下至少需要 $3 个输入元素',
  ],
  [/Pass padMode: 'replicate', or a smaller filter\./, '请改用 padMode "replicate"，或减小滤波器。'],
  [/labels must be integers/, '标签必须是整数'],
  [
    /Convert them, e\.g\. with tensor\(Int32Array\.from\(x\.data\), x\.shape\)\./,
    '请先转换，例如 tensor(Int32Array.from(x.data), x.shape)。',
  ],
  [/must be a whole number from (-?\d+) to (-?\d+), as x is (\w+)/, '必须是 $1 到 $2 的整数，因为 x 是 $3'],
  [/Pass such a number, or convert x\./, '请给出这样的数，或转换 x。'],
  [
    /(\d+) windows have fewer than (\d+) elements that count \(minCount\), and (\w+) has no NaN for them/,
    '有 $1 个窗口中计入的元素不到 $2 个（minCount），而 $3 没有 NaN 可用',
  ],
  [/Pass fill\./, '请给出 fill。'],
  // Regions.
  [/channels of x = (\d+)/, 'x 的通道数 = $1'],
  [
    /must be a multiple of (\d+), since each of the (\d+) x (\d+) cells has its own/,
    '必须是 $1 的倍数，因为 $2 × $3 个部分各有自己的通道',
  ],
  [/Pass another outputSize\./, '请改用别的 outputSize。'],
  [
    /must be one for each cell, and those of a picture are colours/,
    '必须每一部分各有一个，而图片的通道是颜色',
  ],
  [/give a list of numbers, not a picture/, '给出的是一列数，不是图片'],
  [/Choose another operation\./, '请选择别的运算。'],
  // Memory and photographs.
  [/(\d+) elements; an array of (\d+) bytes cannot be had here/, '$1 个元素；这里无法分配 $2 字节的数组'],
  [/the call needs more memory than can be had here/, '所需内存超出这里可用的内存'],
  [/at most ([\de+.]+) are shown/, '最多显示 $1 个'],
  [/Choose a smaller photograph\./, '请选一张小一些的照片。'],
  [/The source image could not be decoded\./, '无法解码：这不是浏览器认识的图像。'],
  [
    /The worker could not be started: does a Content-Security-Policy forbid blob: workers\?/,
    'worker 无法启动：Content-Security-Policy 是否禁止 blob: worker？',
  ],
  // Numbers from elsewhere.
  [
    /JSON: .*\. Paste arrays such as \[\[1, 2\], \[3, 4\]\]\./,
    'JSON：括号或逗号不成对，无法读取。请粘贴 [[1, 2], [3, 4]] 这样的数组。',
  ],
  [/CSV: no number was found\. Paste rows such as "1, 2, 3"\./, 'CSV：没有找到数。请粘贴“1, 2, 3”这样的行。'],
  [
    /rows: all must be as long as the first, which has (\d+) numbers?\./,
    '各行必须与第一行一样长，第一行有 $1 个数。',
  ],
  [/(".*"): is not a number\./, '$1 不是数。'],
  [
    /shape (\[.*\]): must be \[H, W\], \[C, H, W\] or \[1, C, H, W\], not empty\./,
    '形状 $1：必须是 [H, W]、[C, H, W] 或 [1, C, H, W]，且不为空。',
  ],
  [/a \.npy file starts with 93 4e 55 4d 50 59/, '.npy 文件以 93 4e 55 4d 50 59 开头'],
  [/Pass a file written by numpy\.save\./, '请选择由 numpy.save 写出的文件。'],
  [/the header takes (\d+) bytes and the file has (\d+)/, '文件头需要 $1 字节，而文件只有 $2 字节'],
  [/Fetch the whole file again\./, '请重新取得完整的文件。'],
  [
    /(\w+) elements of this shape take (\d+) bytes and (\d+) follow the header \(.*\)/,
    '这个形状的 $1 元素需要 $2 字节，而文件头之后有 $3 字节',
  ],
  [/Fetch or save the file again\./, '请重新取得或保存文件。'],
]

/** A refusal in the page's language; what has no translation stays English. */
export function refusalIn(language: Language, message: string): string {
  if (language === 'en') return message
  const said = phrases.reduce((text, [pattern, chinese]) => text.replace(pattern, chinese), message)
  return said
    .replace(/; (?=\p{Script=Han})/gu, '；')
    .replace(/(\p{Script=Han}|）|\])\. (?=\p{Script=Han})/gu, '$1。')
}

/**
 * @file The papers that the text speaks of, in the order in which it cites them, then those of other operations.
 */
export interface Reference {
  readonly text: string
  readonly address: string
}

export const references: readonly Reference[] = [
  {
    text: 'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner. Gradient-based learning applied to document recognition. Proceedings of the IEEE 86, 1998.',
    address: 'https://doi.org/10.1109/5.726791',
  },
  {
    text: 'V. Dumoulin, F. Visin. A guide to convolution arithmetic for deep learning. 2016.',
    address: 'https://arxiv.org/abs/1603.07285',
  },
  {
    text: 'Y.-L. Boureau, J. Ponce, Y. LeCun. A theoretical analysis of feature pooling in visual recognition. ICML 2010.',
    address:
      'https://nyuscholars.nyu.edu/en/publications/a-theoretical-analysis-of-feature-pooling-in-visual-recognition',
  },
  {
    text: 'M. D. Zeiler, R. Fergus. Visualizing and understanding convolutional networks. ECCV 2014.',
    address: 'https://arxiv.org/abs/1311.2901',
  },
  {
    text: 'A. Azulay, Y. Weiss. Why do deep convolutional networks generalize so poorly to small image transformations? JMLR 20, 2019.',
    address: 'https://arxiv.org/abs/1805.12177',
  },
  {
    text: 'R. Zhang. Making convolutional networks shift-invariant again. ICML 2019.',
    address: 'https://arxiv.org/abs/1904.11486',
  },
  {
    text: 'M. D. Zeiler, R. Fergus. Stochastic pooling for regularization of deep convolutional neural networks. ICLR 2013.',
    address: 'https://arxiv.org/abs/1301.3557',
  },
  { text: 'B. Graham. Fractional max-pooling. 2014.', address: 'https://arxiv.org/abs/1412.6071' },
  {
    text: 'F. Radenović, G. Tolias, O. Chum. Fine-tuning CNN image retrieval with no human annotation. TPAMI 41, 2019.',
    address: 'https://arxiv.org/abs/1711.02512',
  },
  {
    text: 'K. He, X. Zhang, S. Ren, J. Sun. Spatial pyramid pooling in deep convolutional networks for visual recognition. ECCV 2014.',
    address: 'https://arxiv.org/abs/1406.4729',
  },
  {
    text: 'H. Zhao, J. Shi, X. Qi, X. Wang, J. Jia. Pyramid scene parsing network. CVPR 2017.',
    address: 'https://arxiv.org/abs/1612.01105',
  },
  { text: 'R. Girshick. Fast R-CNN. ICCV 2015.', address: 'https://arxiv.org/abs/1504.08083' },
  {
    text: 'K. He, G. Gkioxari, P. Dollár, R. Girshick. Mask R-CNN. ICCV 2017.',
    address: 'https://arxiv.org/abs/1703.06870',
  },
  {
    text: 'J. Dai, Y. Li, K. He, J. Sun. R-FCN: object detection via region-based fully convolutional networks. NIPS 2016.',
    address: 'https://arxiv.org/abs/1605.06409',
  },
  {
    text: 'Z. Li, C. Peng, G. Yu, X. Zhang, Y. Deng, J. Sun. Light-Head R-CNN: in defense of two-stage object detector. 2017.',
    address: 'https://arxiv.org/abs/1711.07264',
  },
]

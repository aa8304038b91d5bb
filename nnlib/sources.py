"""Where to read on: every lecture, paper and book that the course names; ``python -m nnlib.sources [WORD ...]``.

A text cites "Glorot & Bengio (2010)" or "lecture 002"; ``SOURCES`` has the full entry under exactly these words.
Add an entry when you cite something new, in its place by the alphabet, and take one out that nothing cites any more.
"""

import argparse
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Lecture:
    """One of the documents that the course follows."""

    number: str
    title: str
    about: str

    @property
    def citation(self) -> str:
        """How a text names it; where it does so first, with the title: ``lecture 000 (some practical …)``."""
        return f"lecture {self.number}"

    def __str__(self) -> str:
        return f"{self.title}. {self.about}."


@dataclass(frozen=True)
class Source:
    """A paper, a book or a page: ``authors`` as "X. Glorot, Y. Bengio", ``venue`` as "AISTATS"."""

    authors: str
    year: int
    title: str
    venue: str
    link: str = ""

    @property
    def citation(self) -> str:
        """How a text names it: "Zeiler (2012)", "Kingma & Ba (2015)", "Maas et al. (2013)"."""
        names = [" ".join(word for word in author.split() if word[-1] != ".") for author in self.authors.split(", ")]
        who = names[0] if len(names) == 1 else f"{names[0]} & {names[1]}" if len(names) == 2 else f"{names[0]} et al."
        return f"{who} ({self.year})"

    def __str__(self) -> str:
        return f"{self.authors}: {self.title}. {self.venue}, {self.year}." + (f" {self.link}" if self.link else "")


# fmt: off
LECTURES = (
    Lecture("000", "some practical considerations",
            "Rates, batches, normalising, initialising, regularising, dropout, activations; slides with Keras"),
    Lecture("001", "introduction to neural networks",
            "Regularisation, dropout, batch norm, clipping, initialisation, gradient descent; slides, Sharif, 2022"),
    Lecture("002", "improving deep neural networks",
            "Set-up, bias and variance, regularisation, optimisation, tuning, batch norm, softmax; notes of a course"),
    Lecture("003", "deep network components and training",
            "Vocabulary, activations, preprocessing, initialisation, batch norm, search, ensembles; slides"),
    Lecture("004", "optimizers, normalization, regularization",
            "Momentum to Adam, initialisation, batch norm, penalties, vanishing and exploding gradients; slides"),
)

# By citation, as it is printed, whatever its capitals and accents.
PAPERS = (
    Source("S. Aeberhard, M. Forina", 1992, "Wine", "UCI Machine Learning Repository", "doi:10.24432/C5PC7J"),
    Source("E. Alpaydin, C. Kaynak", 1998, "Optical Recognition of Handwritten Digits",
           "UCI Machine Learning Repository", "doi:10.24432/C50P49"),
    Source("M. Andrychowicz, M. Denil, S. Gómez, M. W. Hoffman, D. Pfau, T. Schaul, B. Shillingford, N. de Freitas",
           2016, "Learning to learn by gradient descent by gradient descent", "NIPS", "arXiv:1606.04474"),
    Source("Y. Bengio, P. Simard, P. Frasconi", 1994,
           "Learning Long-Term Dependencies with Gradient Descent is Difficult",
           "IEEE Transactions on Neural Networks 5"),
    Source("J. Bergstra, Y. Bengio", 2012, "Random Search for Hyper-Parameter Optimization", "JMLR 13"),
    Source("J. Bjorck, C. Gomes, B. Selman, K. Q. Weinberger", 2018, "Understanding Batch Normalization", "NeurIPS",
           "arXiv:1806.02375"),
    Source("L. Breiman", 1996, "Bagging Predictors", "Machine Learning 24"),
    Source("J. S. Bridle", 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs, with "
           "Relationships to Statistical Pattern Recognition", "Neurocomputing (NATO ASI Series F 68)"),
    Source("A. Cauchy", 1847, "Méthode générale pour la résolution des systèmes d'équations simultanées",
           "Comptes rendus de l'Académie des sciences 25"),
    Source("D. Clevert, T. Unterthiner, S. Hochreiter", 2016,
           "Fast and Accurate Deep Network Learning by Exponential Linear Units (ELUs)", "ICLR", "arXiv:1511.07289"),
    Source("G. Cybenko", 1989, "Approximation by Superpositions of a Sigmoidal Function",
           "Mathematics of Control, Signals and Systems 2"),
    Source("Y. N. Dauphin, R. Pascanu, C. Gulcehre, K. Cho, S. Ganguli, Y. Bengio", 2014,
           "Identifying and attacking the saddle point problem in high-dimensional non-convex optimization", "NIPS",
           "arXiv:1406.2572"),
    Source("T. G. Dietterich", 2000, "Ensemble Methods in Machine Learning", "Multiple Classifier Systems"),
    Source("J. Duchi, E. Hazan, Y. Singer", 2011,
           "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", "JMLR 12"),
    Source("Y. Gal, Z. Ghahramani", 2016,
           "Dropout as a Bayesian Approximation: Representing Model Uncertainty in Deep Learning", "ICML",
           "arXiv:1506.02142"),
    Source("S. Geman, E. Bienenstock, R. Doursat", 1992, "Neural Networks and the Bias/Variance Dilemma",
           "Neural Computation 4"),
    Source("X. Glorot, Y. Bengio", 2010, "Understanding the difficulty of training deep feedforward neural networks",
           "AISTATS"),
    Source("X. Glorot, A. Bordes, Y. Bengio", 2011, "Deep Sparse Rectifier Neural Networks", "AISTATS"),
    Source("I. J. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville, Y. Bengio", 2013, "Maxout Networks", "ICML",
           "arXiv:1302.4389"),
    Source("I. Goodfellow, Y. Bengio, A. Courville", 2016, "Deep Learning", "MIT Press", "www.deeplearningbook.org"),
    Source("C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger", 2017, "On Calibration of Modern Neural Networks", "ICML",
           "arXiv:1706.04599"),
    Source("L. K. Hansen, P. Salamon", 1990, "Neural Network Ensembles", "IEEE TPAMI 12"),
    Source("K. He, X. Zhang, S. Ren, J. Sun", 2015, "Delving Deep into Rectifiers: Surpassing Human-Level Performance "
           "on ImageNet Classification", "ICCV", "arXiv:1502.01852"),
    Source("K. He, X. Zhang, S. Ren, J. Sun", 2016, "Deep Residual Learning for Image Recognition", "CVPR",
           "arXiv:1512.03385"),
    Source("D. Hendrycks, K. Gimpel", 2016, "Gaussian Error Linear Units (GELUs)", "arXiv", "arXiv:1606.08415"),
    Source("G. E. Hinton, N. Srivastava, A. Krizhevsky, I. Sutskever, R. R. Salakhutdinov", 2012,
           "Improving neural networks by preventing co-adaptation of feature detectors", "arXiv", "arXiv:1207.0580"),
    Source("S. Hochreiter, J. Schmidhuber", 1997, "Long Short-Term Memory", "Neural Computation 9"),
    Source("S. Hochreiter", 1991, "Untersuchungen zu dynamischen neuronalen Netzen", "diploma thesis, TU München"),
    Source("A. E. Hoerl, R. W. Kennard", 1970, "Ridge Regression: Biased Estimation for Nonorthogonal Problems",
           "Technometrics 12"),
    Source("K. Hornik, M. Stinchcombe, H. White", 1989,
           "Multilayer Feedforward Networks are Universal Approximators", "Neural Networks 2"),
    Source("G. Huang, Y. Li, G. Pleiss, Z. Liu, J. E. Hopcroft, K. Q. Weinberger", 2017,
           "Snapshot Ensembles: Train 1, Get M for Free", "ICLR", "arXiv:1704.00109"),
    Source("P. J. Huber", 1964, "Robust Estimation of a Location Parameter", "Annals of Mathematical Statistics 35"),
    Source("S. Ioffe, C. Szegedy", 2015, "Batch Normalization: Accelerating Deep Network Training by Reducing "
           "Internal Covariate Shift", "ICML", "arXiv:1502.03167"),
    Source("A. Karpathy", 2019, "A Recipe for Training Neural Networks", "blog",
           "karpathy.github.io/2019/04/25/recipe"),
    Source("K. Katanforoosh, D. Kunin", 2019, "Initializing neural networks; Parameter optimization in neural networks",
           "deeplearning.ai, AI notes", "www.deeplearning.ai/ai-notes"),
    Source("N. S. Keskar, D. Mudigere, J. Nocedal, M. Smelyanskiy, P. T. P. Tang", 2017,
           "On Large-Batch Training for Deep Learning: Generalization Gap and Sharp Minima", "ICLR",
           "arXiv:1609.04836"),
    Source("D. P. Kingma, J. Ba", 2015, "Adam: A Method for Stochastic Optimization", "ICLR", "arXiv:1412.6980"),
    Source("P. Krähenbühl, C. Doersch, J. Donahue, T. Darrell", 2016,
           "Data-dependent Initializations of Convolutional Neural Networks", "ICLR", "arXiv:1511.06856"),
    Source("A. Krizhevsky", 2009, "Learning Multiple Layers of Features from Tiny Images",
           "technical report, University of Toronto"),
    Source("A. Krizhevsky, I. Sutskever, G. E. Hinton", 2012,
           "ImageNet Classification with Deep Convolutional Neural Networks", "NIPS"),
    Source("A. Krogh, J. A. Hertz", 1992, "A Simple Weight Decay Can Improve Generalization", "NIPS 4"),
    Source("Y. LeCun, L. Bottou, G. B. Orr, K. Müller", 1998, "Efficient BackProp",
           "Neural Networks: Tricks of the Trade, Springer"),
    Source("I. Loshchilov, F. Hutter", 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", "ICLR",
           "arXiv:1608.03983"),
    Source("I. Loshchilov, F. Hutter", 2019, "Decoupled Weight Decay Regularization", "ICLR", "arXiv:1711.05101"),
    Source("A. L. Maas, A. Y. Hannun, A. Y. Ng", 2013,
           "Rectifier Nonlinearities Improve Neural Network Acoustic Models", "ICML workshop"),
    Source("M. Minsky, S. Papert", 1969, "Perceptrons", "MIT Press"),
    Source("D. Mishkin, J. Matas", 2016, "All You Need is a Good Init", "ICLR", "arXiv:1511.06422"),
    Source("V. Nair, G. E. Hinton", 2010, "Rectified Linear Units Improve Restricted Boltzmann Machines", "ICML"),
    Source("Y. Nesterov", 1983,
           "A method for solving the convex programming problem with convergence rate O(1/k²)",
           "Doklady Akademii Nauk SSSR 269"),
    Source("M. Okabe, K. Ito", 2008, "Color Universal Design: How to make figures and presentations that are friendly "
           "to colorblind people", "web page", "jfly.uni-koeln.de/color"),
    Source("R. Pascanu, T. Mikolov, Y. Bengio", 2013, "On the difficulty of training recurrent neural networks",
           "ICML", "arXiv:1211.5063"),
    Source("K. Pearson", 1901, "On lines and planes of closest fit to systems of points in space",
           "Philosophical Magazine 2"),
    Source("B. T. Polyak", 1964, "Some methods of speeding up the convergence of iteration methods",
           "USSR Computational Mathematics and Mathematical Physics 4"),
    Source("L. Prechelt", 1998, "Early Stopping - But When?", "Neural Networks: Tricks of the Trade, Springer"),
    Source("H. Robbins, S. Monro", 1951, "A Stochastic Approximation Method", "Annals of Mathematical Statistics 22"),
    Source("F. Rosenblatt", 1958, "The Perceptron: A Probabilistic Model for Information Storage and Organization in "
           "the Brain", "Psychological Review 65"),
    Source("D. E. Rumelhart, G. E. Hinton, R. J. Williams", 1986,
           "Learning representations by back-propagating errors", "Nature 323"),
    Source("S. Santurkar, D. Tsipras, A. Ilyas, A. Madry", 2018,
           "How Does Batch Normalization Help Optimization?", "NeurIPS", "arXiv:1805.11604"),
    Source("A. M. Saxe, J. L. McClelland, S. Ganguli", 2014, "Exact solutions to the nonlinear dynamics of learning "
           "in deep linear neural networks", "ICLR", "arXiv:1312.6120"),
    Source("H. Shimodaira", 2000, "Improving predictive inference under covariate shift by weighting the "
           "log-likelihood function", "Journal of Statistical Planning and Inference 90"),
    Source("P. Y. Simard, D. Steinkraus, J. C. Platt", 2003,
           "Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis", "ICDAR"),
    Source("K. Simonyan, A. Zisserman", 2015, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
           "ICLR", "arXiv:1409.1556"),
    Source("L. N. Smith", 2017, "Cyclical Learning Rates for Training Neural Networks", "WACV", "arXiv:1506.01186"),
    Source("N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov", 2014,
           "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", "JMLR 15"),
    Source("D. Sussillo, L. F. Abbott", 2015, "Random Walk Initialization for Training Very Deep Feedforward Networks",
           "arXiv", "arXiv:1412.6558"),
    Source("I. Sutskever, J. Martens, G. Dahl, G. Hinton", 2013,
           "On the importance of initialization and momentum in deep learning", "ICML"),
    Source("R. Tibshirani", 1996, "Regression Shrinkage and Selection via the Lasso",
           "Journal of the Royal Statistical Society B 58"),
    Source("T. Tieleman, G. Hinton", 2012, "Lecture 6.5: RMSProp", "Coursera, Neural Networks for Machine Learning"),
    Source("L. Wan, M. Zeiler, S. Zhang, Y. LeCun, R. Fergus", 2013,
           "Regularization of Neural Networks using DropConnect", "ICML"),
    Source("P. J. Werbos", 1974, "Beyond Regression: New Tools for Prediction and Analysis in the Behavioral Sciences",
           "doctoral thesis, Harvard"),
    Source("J. Weston, C. Watkins", 1999, "Support Vector Machines for Multi-Class Pattern Recognition", "ESANN"),
    Source("D. H. Wolpert, W. G. Macready", 1997, "No Free Lunch Theorems for Optimization",
           "IEEE Transactions on Evolutionary Computation 1"),
    Source("H. Xiao, K. Rasul, R. Vollgraf", 2017,
           "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", "arXiv",
           "arXiv:1708.07747"),
    Source("M. D. Zeiler", 2012, "ADADELTA: An Adaptive Learning Rate Method", "arXiv", "arXiv:1212.5701"),
    Source("C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals", 2017,
           "Understanding deep learning requires rethinking generalization", "ICLR", "arXiv:1611.03530"),
    Source("H. Zou, T. Hastie", 2005, "Regularization and Variable Selection via the Elastic Net",
           "Journal of the Royal Statistical Society B 67"),
)
# fmt: on

SOURCES: dict[str, Lecture | Source] = {source.citation: source for source in (*LECTURES, *PAPERS)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the entries in which every word occurs, or all; return 1 if there are none."""
    parser = argparse.ArgumentParser(prog="python -m nnlib.sources", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="of a name, a title or a year (all entries)")
    words = [word.casefold() for word in parser.parse_args(arguments).words]
    found = 0
    for citation, source in SOURCES.items():
        if all(word in f"{citation} {source}".casefold() for word in words):
            print(citation)
            print(textwrap.fill(str(source), 100, initial_indent="    ", subsequent_indent="    "))
            found += 1
    if not found:
        print("nothing found; without a word, all of them are printed", file=sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())

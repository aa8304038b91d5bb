"""What `check(...)` tries in the notebook: small cases to look at while you work."""

import numpy as np

from nnlib.checks import tolerance

ROW = np.array([-2.0, -0.5, 0.0, 0.5, 3.0])
UPSTREAM = np.array([1.0, -4.0, 2.0, -3.0, 0.5])
SQUARE = np.array([[-1.0, 2.0], [0.5, -3.0]])
SQUARE_UPSTREAM = np.array([[3.0, -1.0], [-2.0, 5.0]])


def _forward(function, z, *rest):
    given = np.array(z)
    return {"result": function(given, *rest), "z afterwards": given}


def _backward(function, da, z, *rest):
    upstream, given = np.array(da), np.array(z)
    return {"result": function(upstream, given, *rest), "da afterwards": upstream, "z afterwards": given}


def one_row(affine_forward):
    """x = (1, 2), two outputs, biases 10 and 20"""
    w, b = np.array([[3.0, 0.0], [-1.0, 4.0]]), np.array([10.0, 20.0])
    out, _ = affine_forward(np.array([[1.0, 2.0]]), w, b)
    return {"out": out, "w afterwards": w, "b afterwards": b}


def what_is_kept(affine_forward):
    """what the cache holds for one example, two features, one output"""
    out, cache = affine_forward(np.array([[1.0, 2.0]]), np.array([[3.0], [-1.0]]), np.array([0.5]))
    return {"out": out, "things in the cache": len(cache), "cache": list(cache)}


def three_rows(affine_forward):
    """three examples, two features, three outputs"""
    x, w = np.array([[1.0, 0.0], [2.0, -1.0], [0.5, 3.0]]), np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 4.0]])
    return affine_forward(x, w, np.array([0.5, -0.5, 1.0]))[0]


def one_output(affine_backward, affine_forward):
    """two examples, two features, one output"""
    x, w, dout = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[3.0], [5.0]]), np.array([[1.0], [10.0]])
    dx, dw, db = affine_backward(dout, affine_forward(x, w, np.array([0.5]))[1])
    return {"dx": dx, "dw": dw, "db": db, "dout afterwards": dout}


def as_many_as_features(affine_backward, affine_forward):
    """three examples, three features, three outputs"""
    x = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0], [2.0, 0.5, 1.0]])
    w = np.array([[3.0, 1.0, 0.0], [5.0, -2.0, 1.0], [0.0, 4.0, 2.0]])
    dout = np.array([[1.0, 0.0, -2.0], [10.0, 3.0, 1.0], [0.0, 2.0, 5.0]])
    dx, dw, db = affine_backward(dout, affine_forward(x, w, np.array([0.5, 1.0, 2.0]))[1])
    return {"dx": dx, "dw": dw, "db": db}


def around_zero(sigmoid):
    """five numbers around 0"""
    return _forward(sigmoid, ROW)


def far_out(sigmoid):
    """1,000, 40, -40 and -1,000"""
    return _forward(sigmoid, [1000.0, 40.0, -40.0, -1000.0])


@tolerance(rtol=1e-3, atol=1e-15)
def far_left(sigmoid):
    """-14, -22 and -28, each much smaller than the one before"""
    return _forward(sigmoid, [-14.0, -22.0, -28.0])


def a_matrix(sigmoid):
    """a matrix of whole numbers"""
    return sigmoid(np.array([[-1, 2], [3, 0]]))


def sigmoid_slopes(sigmoid_backward):
    """slopes at five numbers, with gradients of either sign from above"""
    return _backward(sigmoid_backward, UPSTREAM, ROW)


def sigmoid_whole_numbers(sigmoid_backward):
    """whole numbers for z"""
    return sigmoid_backward(np.array([0.5, -3.0, 1.5]), np.array([-2, 0, 1]))


def sigmoid_far_out(sigmoid_backward):
    """a matrix with z as large as 800 and -800"""
    return sigmoid_backward(SQUARE_UPSTREAM.copy(), np.array([[800.0, 1.0], [-800.0, 0.0]]))


def tanh_slopes(tanh_backward):
    """slopes at five numbers, with gradients of either sign from above"""
    return _backward(tanh_backward, UPSTREAM, ROW)


def tanh_whole_numbers(tanh_backward):
    """whole numbers for z"""
    return tanh_backward(np.array([0.5, -3.0, 1.5]), np.array([-2, 0, 1]))


def tanh_far_out(tanh_backward):
    """a matrix with z as large as 800 and -800"""
    return tanh_backward(SQUARE_UPSTREAM.copy(), np.array([[800.0, 1.0], [-800.0, 0.0]]))


def five_numbers(relu):
    """five numbers around 0"""
    return _forward(relu, ROW)


def two_by_two(relu):
    """a matrix with large numbers"""
    return _forward(relu, 10 * SQUARE)


def relu_slopes(relu_backward):
    """five numbers, 0 among them, with gradients of either sign from above"""
    return _backward(relu_backward, UPSTREAM, ROW)


def relu_whole_numbers(relu_backward):
    """whole numbers for z"""
    return relu_backward(np.array([0.5, -0.25, 1.5]), np.array([-2, 0, 1]))


def relu_matrix(relu_backward):
    """a matrix"""
    return _backward(relu_backward, SQUARE_UPSTREAM, SQUARE)


def usual_slope(leaky_relu):
    """five numbers around 0, the usual slope"""
    return _forward(leaky_relu, ROW)


def steep_slope(leaky_relu):
    """a matrix, slope 0.25"""
    return _forward(leaky_relu, np.array([[-1.0, 2.0], [0.125, -3.0]]), 0.25)


def whole_numbers_leak(leaky_relu):
    """the whole numbers -2, 0 and 3"""
    return leaky_relu(np.array([-2, 0, 3]))


def leaky_slopes(leaky_relu_backward):
    """five numbers around 0, the usual slope, gradients of either sign from above"""
    return _backward(leaky_relu_backward, UPSTREAM, ROW)


def leaky_whole_numbers(leaky_relu_backward):
    """whole numbers for z"""
    return leaky_relu_backward(np.array([0.5, -3.0, 1.5]), np.array([-2, -1, 1]))


def leaky_steep(leaky_relu_backward):
    """a matrix, slope 0.5"""
    return _backward(leaky_relu_backward, SQUARE_UPSTREAM, SQUARE, 0.5)


def usual_alpha(elu):
    """five numbers around 0, alpha = 1"""
    return _forward(elu, ROW)


def alpha_three(elu):
    """a matrix, alpha = 3"""
    return _forward(elu, SQUARE, 3.0)


def very_large(elu):
    """the whole numbers 1,000, -1 and -1,000"""
    return elu(np.array([1000, -1, -1000]))


def elu_slopes(elu_backward):
    """five numbers around 0, alpha = 1, gradients of either sign from above"""
    return _backward(elu_backward, UPSTREAM, ROW)


def elu_whole_numbers(elu_backward):
    """whole numbers for z"""
    return elu_backward(np.array([0.5, -3.0, 1.5]), np.array([-2, -1, 1]))


def elu_alpha_three(elu_backward):
    """a matrix that holds a 0, alpha = 3"""
    return _backward(elu_backward, SQUARE_UPSTREAM, np.array([[-1.0, 2.0], [0.0, -3.0]]), 3.0)


def elu_far_out(elu_backward):
    """1,000 and -1,000"""
    return elu_backward(np.array([2.0, 3.0]), np.array([1000.0, -1000.0]))


def shared_slope(prelu_backward):
    """one slope of 0.1 for all, three examples of one unit"""
    da, z = np.array([[10.0], [20.0], [30.0]]), np.array([[-2.0], [3.0], [-1.0]])
    dz, dalpha = prelu_backward(da, z, 0.1)
    return {"dz": dz, "dalpha": dalpha, "da afterwards": da, "z afterwards": z}


def slope_for_each_unit(prelu_backward):
    """a slope for each of two units, two examples"""
    alpha = np.array([0.1, 0.5])
    dz, dalpha = prelu_backward(SQUARE_UPSTREAM.copy(), np.array([[-1.0, -2.0], [-4.0, 8.0]]), alpha)
    return {"dz": dz, "dalpha": dalpha, "alpha afterwards": alpha}


def one_unit_with_its_slope(prelu_backward):
    """one unit, whose slope of 0.2 comes as an array of one number"""
    dz, dalpha = prelu_backward(np.array([[5.0], [-2.0]]), np.array([[-3.0], [-0.5]]), np.array([0.2]))
    return {"dz": dz, "dalpha": dalpha}


def shared_slope_of_two_units(prelu_backward):
    """one slope of 0.25 for two units, three examples, a 0 among their z"""
    da, z = np.array([[1.0, 2.0], [3.0, -4.0], [5.0, 6.0]]), np.array([[-1.0, 2.0], [0.0, -3.0], [-2.0, -0.5]])
    dz, dalpha = prelu_backward(da, z, 0.25)
    return {"dz": dz, "dalpha": dalpha}


def _pieces():
    """Two examples, two features; three linear pieces for each of two units, each of which wins somewhere."""
    x = np.array([[2.0, -1.0], [0.5, 3.0]])
    w = np.array([[[3.0, 0.0], [1.0, 1.0]], [[-1.0, 2.0], [0.5, 0.0]], [[0.0, -1.0], [2.0, -2.0]]])
    return x, w, np.array([[0.0, 1.0], [10.0, -1.0], [-3.0, 4.5]])


def two_lines(maxout_forward):
    """one unit of two lines, at 2, 4 and -3"""
    x, w, b = np.array([[2.0], [4.0], [-3.0]]), np.array([[[3.0]], [[1.0]]]), np.array([[0.0], [1.0]])
    return maxout_forward(x, w, b)[0]


def three_pieces(maxout_forward):
    """two units of three pieces, two examples"""
    x, w, b = _pieces()
    return {"out": maxout_forward(x, w, b)[0], "w afterwards": w}


def what_is_kept_of_two_lines(maxout_forward):
    """what the cache holds for two lines at 2 and 4"""
    x, w, b = np.array([[2.0], [4.0]]), np.array([[[3.0]], [[1.0]]]), np.array([[0.0], [1.0]])
    out, cache = maxout_forward(x, w, b)
    return {"out": out, "things in the cache": len(cache), "cache": [np.asarray(kept) for kept in cache]}


def gradients_of_two_lines(maxout_backward, maxout_forward):
    """one unit of two lines, at 2 and 4"""
    x, w, b = np.array([[2.0], [4.0]]), np.array([[[3.0]], [[-1.0]]]), np.array([[0.0], [10.0]])
    dx, dw, db = maxout_backward(np.array([[5.0], [7.0]]), maxout_forward(x, w, b)[1])
    return {"dx": dx, "dw": dw, "db": db}


def gradients_of_three_pieces(maxout_backward, maxout_forward):
    """two units of three pieces, two examples"""
    x, w, b = _pieces()
    dout = np.array([[1.0, -2.0], [3.0, 0.5]])
    dx, dw, db = maxout_backward(dout, maxout_forward(x, w, b)[1])
    return {"dx": dx, "dw": dw, "db": db, "dout afterwards": dout}


def gradients_at_a_tie(maxout_backward, maxout_forward):
    """two pieces that are equal at x = 1"""
    x, w, b = np.array([[1.0]]), np.array([[[2.0]], [[-1.0]]]), np.array([[0.0], [3.0]])
    dx, dw, db = maxout_backward(np.array([[4.0]]), maxout_forward(x, w, b)[1])
    return {"dx": dx, "dw": dw, "db": db}

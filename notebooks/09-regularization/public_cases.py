"""What `check(...)` tries in the notebook; students may read it."""

import numpy as np


def _two_layers():
    return [np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([[2.0], [-1.0]])]


def _a_vector_and_a_matrix():
    return [np.array([0.5, -0.25, 1.5]), np.array([[-4.0, 2.0, 1.0], [0.0, 0.5, -3.0]])]


def _verdicts(diagnose, cases):
    return {name: diagnose(*errors) for name, errors in cases.items()}


def the_blurred_photos(diagnose):
    """training 15% and dev 16%, where people get 0%, 1% and 15% wrong"""
    return _verdicts(
        diagnose, {"people 0%": (0.15, 0.16), "people 1%": (0.15, 0.16, 0.01), "people 15%": (0.15, 0.16, 0.15)}
    )


def wide_gaps(diagnose):
    """wide gaps from training to dev"""
    return _verdicts(
        diagnose,
        {
            "2% and 12%": (0.02, 0.12),
            "20% and 40%": (0.2, 0.4),
            "30% and 40%": (0.3, 0.4),
            "18% and 25%, people 10%": (0.18, 0.25, 0.1),
            "2% and 4%": (0.02, 0.04),
            "4% and 7.5%": (0.04, 0.075),
            "1% and 6.5%": (0.01, 0.065),
            "10% and 15.4%": (0.1, 0.154, 0.1),
        },
    )


def gaps_of_exactly_five_points(diagnose):
    """gaps of exactly 5 points, which are fine"""
    return _verdicts(
        diagnose,
        {
            "of bias": (0.05, 0.05),
            "of variance": (0.0, 0.05),
            "of variance, from 15% to 20%": (0.15, 0.20, 0.15),
            "of variance, from 35% to 40%": (0.35, 0.40, 0.35),
            "of bias, from 23% to 28%": (0.28, 0.28, 0.23),
            "of bias, from 47% to 52%": (0.52, 0.52, 0.47),
        },
    )


def lucky_gaps(diagnose):
    """a dev error below the training error, and a training error below the Bayes error"""
    return _verdicts(diagnose, {"dev below training": (0.3, 0.2), "training below Bayes": (0.02, 0.03, 0.1)})


def l2_by_hand(l2_penalty):
    """the two matrices of the text, lam = 0.5 and m = 10"""
    return l2_penalty(_two_layers(), 0.5, 10)


def l2_of_a_vector_and_a_matrix(l2_penalty):
    """a vector and a matrix, lam = 3 and m = 4"""
    weights = _a_vector_and_a_matrix()
    return {"result": l2_penalty(weights, 3.0, 4), "weights afterwards": weights}


def l2_of_three_arrays(l2_penalty):
    """three arrays, lam = 1 and m = 5"""
    return l2_penalty([np.array([[2.0]]), np.array([[3.0, 1.0], [1.0, -2.0]]), np.array([[4.0], [2.0]])], 1.0, 5)


def l2_gradients_by_hand(l2_gradient):
    """the two matrices of the text, lam = 0.5 and m = 10"""
    return l2_gradient(_two_layers(), 0.5, 10)


def l2_gradients_of_a_vector_and_a_matrix(l2_gradient):
    """a vector and a matrix, lam = 3 and m = 4"""
    weights = _a_vector_and_a_matrix()
    return {"result": l2_gradient(weights, 3.0, 4), "weights afterwards": weights}


def logistic_by_hand(regularised_logistic):
    """two examples of two features, w = (2, -1), b = 0.5 and lam = 3"""
    w, X, y = np.array([2.0, -1.0]), np.array([[1.0, 0.0], [0.5, 2.0]]), np.array([1, 0])
    J, dw, db = regularised_logistic(w, 0.5, X, y, 3.0)
    return {"J": J, "dw": dw, "db": db, "w afterwards": w, "X afterwards": X}


def logistic_of_more_examples_than_features(regularised_logistic):
    """five examples of three features, w = (1, -2, 0.5), b = -1 and lam = 0.4"""
    X = np.array([[1.0, 0.5, -1.0], [0.0, 1.0, 2.0], [-1.5, 0.5, 0.0], [2.0, -1.0, 1.0], [0.5, 0.5, 0.5]])
    J, dw, db = regularised_logistic(np.array([1.0, -2.0, 0.5]), -1.0, X, np.array([1, 0, 0, 1, 1]), 0.4)
    return {"J": J, "dw": dw, "db": db}


def decay_by_hand(weight_decay_step):
    """the weight 5 with the gradient 3, lr = 0.1, lam = 2 and m = 10"""
    return weight_decay_step(np.array([5.0]), np.array([3.0]), 0.1, 2.0, 10)


def decay_of_a_matrix(weight_decay_step):
    """a matrix, lr = 0.2, lam = 6 and m = 4"""
    w, dw = np.array([[1.0, -2.0], [0.0, 4.0]]), np.array([[0.5, 0.5], [-1.0, 0.0]])
    return {"result": weight_decay_step(w, dw, 0.2, 6.0, 4), "w afterwards": w, "dw afterwards": dw}


def a_network_of_three_layers(network_step):
    """three layers, the gradients in another order, lr = 0.2, lam = 6 and m = 4"""
    params = {
        "W1": np.array([[1.0, -2.0]]),
        "b1": np.array([3.0, 4.0]),
        "W2": np.array([[2.0, 1.0], [-1.0, 2.5]]),
        "b2": np.array([10.0, -5.0]),
        "W3": np.array([[0.5], [-3.0]]),
        "b3": np.array([6.0]),
    }
    grads = {
        "b3": np.array([-2.0]),
        "b2": np.array([1.0, 0.5]),
        "b1": np.array([-1.0, 2.0]),
        "W3": np.array([[1.0], [0.0]]),
        "W2": np.array([[0.0, 1.0], [1.0, 0.0]]),
        "W1": np.array([[0.5, 0.25]]),
    }
    result = network_step(params, grads, 0.2, 6.0, 4)
    return {"result": result, "params afterwards": params, "grads afterwards": grads}


def parameters_of_other_names(network_step):
    """W_out as a vector, a bias as a row, and gamma, beta and two names with another w"""
    params = {
        "gamma": np.array([1.0, 2.0]),
        "beta": np.array([3.0, -1.0]),
        "skipW": np.array([2.0, 5.0]),
        "width": np.array([-3.0]),
        "W_out": np.array([4.0, -6.0]),
        "b_out": np.array([[7.0, 8.0]]),
    }
    grads = {name: np.full(value.shape, 0.5) for name, value in params.items()}
    return network_step(params, grads, 0.1, 4.0, 2)


def l1_by_hand(l1_penalty):
    """the two matrices of the text, lam = 0.5 and m = 10"""
    return l1_penalty(_two_layers(), 0.5, 10)


def l1_of_a_vector_and_a_matrix(l1_penalty):
    """a vector and a matrix, lam = 3 and m = 4"""
    weights = _a_vector_and_a_matrix()
    return {"result": l1_penalty(weights, 3.0, 4), "weights afterwards": weights}


def l1_of_three_arrays(l1_penalty):
    """three arrays, lam = 1 and m = 5"""
    return l1_penalty([np.array([[2.0]]), np.array([[3.0, 1.0], [1.0, -2.0]]), np.array([[4.0], [2.0]])], 1.0, 5)


def l1_gradients_by_hand(l1_gradient):
    """the two matrices of the text, lam = 0.5 and m = 10"""
    return l1_gradient(_two_layers(), 0.5, 10)


def l1_gradients_of_tiny_weights(l1_gradient):
    """a tiny, a large and a zero weight beside a vector, lam = 3 and m = 4"""
    weights = [np.array([[1e-9, -50.0, 0.0]]), np.array([-1e-9, 2.0])]
    return {"result": l1_gradient(weights, 3.0, 4), "weights afterwards": weights}


def elastic_net_by_hand(elastic_net_penalty):
    """the two matrices of the text, lam = 0.5, beta = 2 and m = 10"""
    return elastic_net_penalty(_two_layers(), 0.5, 2.0, 10)


def elastic_net_of_a_vector_and_a_matrix(elastic_net_penalty):
    """a vector and a matrix, lam = 3, beta = 0.25 and m = 4"""
    weights = _a_vector_and_a_matrix()
    return {"result": elastic_net_penalty(weights, 3.0, 0.25, 4), "weights afterwards": weights}


def elastic_net_without_l2(elastic_net_penalty):
    """beta = 0, which leaves L1 alone"""
    return elastic_net_penalty(_two_layers(), 1.0, 0.0, 5)


def stopping_by_hand(early_stopping):
    """the table of the text, patience 2"""
    return early_stopping([0.9, 0.7, 0.8, 0.7, 0.5, 0.4], 2)


def stopping_after_a_wobble(early_stopping):
    """a wobble that patience 3 outlasts, as a list and as an array"""
    losses = [2.0, 1.5, 1.8, 1.7, 1.4, 1.6, 1.55, 1.58, 1.0]
    array = np.array(losses)
    return {"list": early_stopping(losses, 3), "array": early_stopping(array, 3), "array afterwards": array}


def stopping_while_the_loss_falls(early_stopping):
    """losses that fall from epoch to epoch, but never below the first one until it is too late, patience 3"""
    return early_stopping([1.0, 3.0, 2.5, 2.75, 2.9, 3.1, 0.5], 3)


def a_lower_level_and_a_rise(early_stopping):
    """losses of several hundred that fall, then rise without reaching the first one again, patience 2"""
    return early_stopping([900.0, 500.0, 600.0, 700.0, 800.0], 2)


def training_to_the_end(early_stopping):
    """losses that never give reason to stop"""
    return {"patience 2": early_stopping([1.0, 0.8, 0.9, 0.7995, 0.85], 2), "one epoch": early_stopping([0.3], 4)}


def no_progress_at_all(early_stopping):
    """losses that rise from the start, and losses that are all the same, patience 2"""
    return {"rising": early_stopping([1.0, 1.1, 1.2, 1.3], 2), "the same": early_stopping([0.5, 0.5, 0.5, 0.5], 2)}

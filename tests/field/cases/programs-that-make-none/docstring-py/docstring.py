"""Call client.create_infrastructure_configuration()."""


def f():
    """
    >>> client.create_infrastructure_configuration()
    """

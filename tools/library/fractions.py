"""`fractions` in a page: a fraction times whole numbers, rounded, by which asn1crypto reads times with decimals."""


class Fraction:
    """The fraction `numerator` / `denominator`, which is positive."""

    def __init__(self, numerator: int, denominator: int) -> None:
        self._numerator = numerator
        self._denominator = denominator

    def __mul__(self, factor: int) -> "Fraction":
        """The fraction times `factor`."""
        return Fraction(self._numerator * factor, self._denominator)

    def limit_denominator(self, max_denominator: int) -> int:
        """The nearest whole number, the lower of two: only a `max_denominator` of 1 is known here. Raises `ValueError`."""
        if max_denominator != 1:
            raise ValueError(max_denominator)
        return (2 * self._numerator + self._denominator - 1) // (2 * self._denominator)

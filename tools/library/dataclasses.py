"""`dataclasses` without generated source: the original writes the methods of each class as Python and compiles them at import.

That took more time than the rest of the start's imports. Here each method is one function for all classes that knows the names
of the fields. Left out: `slots`, `weakref_slot`, `InitVar`, `KW_ONLY`, `make_dataclass`, and the types of fields, which
`tools/lean_code.py` takes out of the code. An `__init__` sets all fields at once, past any
`__setattr__`.
"""

from abc import update_abstractmethods
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from operator import attrgetter, ge, gt, le, lt
from reprlib import recursive_repr
from typing import Any, ClassVar

MISSING: Any = type("_MISSING_TYPE", (), {})()
"""What stands where a field has no default."""

FIELDS = "__dataclass_fields__"
"""Where a class keeps its fields: name → `Field`. Other code finds dataclasses by that, too."""


class FrozenInstanceError(AttributeError):
    """Somebody tried to change a frozen object."""


class Field:
    """What is known of one field; the attributes are the parameters of `field`, and its name."""

    __slots__ = ("compare", "default", "default_factory", "hash", "init", "kw_only", "metadata", "name", "repr")
    compare: bool
    default: Any
    default_factory: Any
    hash: bool | None
    init: bool
    kw_only: Any
    metadata: Mapping[Any, Any]
    repr: bool

    def __init__(self, **options: Any) -> None:
        self.name = ""
        for name, value in options.items():
            setattr(self, name, value)


def field(
    *,
    default: Any = MISSING,
    default_factory: Any = MISSING,
    init: bool = True,
    repr: bool = True,
    hash: bool | None = None,
    compare: bool = True,
    metadata: Mapping[Any, Any] | None = None,
    kw_only: Any = MISSING,
) -> Any:
    """Say of a field what its annotation does not; as the original."""
    if default is not MISSING and default_factory is not MISSING:
        message = "cannot specify both default and default_factory"
        raise ValueError(message)
    options = {"default": default, "default_factory": default_factory, "init": init, "repr": repr, "hash": hash}
    return Field(**options, compare=compare, metadata=metadata or {}, kw_only=kw_only)


def dataclass(cls: Any = None, /, **options: bool) -> Any:
    """Give a class its methods: `@dataclass` or `@dataclass(…)` with the options of `_process`; as the original."""
    return (lambda late: _process(late, **options)) if cls is None else _process(cls, **options)


def _process(
    cls: Any,
    *,
    init: bool = True,
    repr: bool = True,
    eq: bool = True,
    order: bool = False,
    unsafe_hash: bool = False,
    frozen: bool = False,
    match_args: bool = True,
    kw_only: bool = False,
) -> Any:
    known = _collect_fields(cls, kw_only)
    listed = tuple(known.values())
    own = vars(cls)
    made: dict[str, Any] = {"__replace__": _replace_of(listed)}
    if init:
        made["__init__"] = _init_of(cls, listed)
    if repr:
        made["__repr__"] = _repr_of([each.name for each in listed if each.repr])
    compared = [each.name for each in listed if each.compare]
    if eq:
        made["__eq__"] = _eq_of(compared)
    if order:
        made |= {f"__{compare.__name__}__": _order_of(compare, compared) for compare in (lt, le, gt, ge)}
    if match_args:
        made["__match_args__"] = tuple(each.name for each in listed if each.init and not each.kw_only)
    hashable = own.get("__hash__", MISSING)
    explicit = not (hashable is MISSING or (hashable is None and "__eq__" in own))
    if unsafe_hash or (eq and not explicit):
        hashed = [each.name for each in listed if (each.compare if each.hash is None else each.hash)]
        _set_method(cls, "__hash__", _hash_of(hashed) if frozen or unsafe_hash else None)
    if frozen:
        made |= {"__setattr__": _refusal(cls, known, "assign to"), "__delattr__": _refusal(cls, known, "delete")}
    for name, method in made.items():
        if name not in own:
            _set_method(cls, name, method)
    update_abstractmethods(cls)
    return cls


def _set_method(cls: Any, name: str, method: Any) -> None:
    if callable(method):
        method.__qualname__ = f"{cls.__qualname__}.{name}"
    setattr(cls, name, method)


def _collect_fields(cls: Any, kw_only: bool) -> dict[str, Field]:  # noqa: FBT001
    """Find the fields of a class, those of its bases first, and leave plain defaults where they were declared."""
    known: dict[str, Field] = {}
    for base in cls.__mro__[-1:0:-1]:
        known |= vars(base).get(FIELDS, {})
    for name, annotation in _annotations(cls).items():
        if _is_of_the_class(annotation):
            continue
        default = getattr(cls, name, MISSING)
        found = default if isinstance(default, Field) else field(default=default)
        found.name = name
        found.kw_only = kw_only if found.kw_only is MISSING else found.kw_only
        if type(found.default).__hash__ is None:
            message = f"mutable default {type(found.default)} for field {name} is not allowed: use default_factory"
            raise ValueError(message)
        if found is default and found.default is MISSING:
            delattr(cls, name)
        elif found is default:
            setattr(cls, name, found.default)
        known[name] = found
    setattr(cls, FIELDS, known)
    return known


def _is_of_the_class(annotation: object) -> bool:
    if isinstance(annotation, str):
        return annotation.startswith(("ClassVar", "typing.ClassVar"))
    return annotation is ClassVar or getattr(annotation, "__origin__", None) is ClassVar


def _annotations(cls: Any) -> Mapping[str, Any]:
    """Return the annotations of a class itself; before Python 3.14, one without any shows those of its base."""
    found: Mapping[str, Any] = getattr(cls, "__annotations__", {})
    return {} if any(vars(base).get("__annotations__") is found for base in cls.__mro__[1:]) else found


def _init_of(cls: Any, listed: Sequence[Field]) -> Callable[..., None]:
    arguments = {each.name for each in listed if each.init}
    positional = [each.name for each in listed if each.init and not each.kw_only]
    required = {each.name for each in listed if each.init and each.default is MISSING and not _is_made(each)}
    defaults = {each.name: each.default for each in listed if each.default is not MISSING}
    factories = {each.name: each.default_factory for each in listed if _is_made(each)}
    also = hasattr(cls, "__post_init__")
    whole = len(listed) if len(positional) == len(listed) else -1

    def __init__(self: Any, /, *values: Any, **given: Any) -> None:  # noqa: N807
        if not given and len(values) == whole:  # the usual case, which needs no check
            given = zip(positional, values)  # type: ignore[assignment]  # noqa: B905 – as many as there are names
            vars(self).update(given)
            if also:
                self.__post_init__()
            return
        if values:
            named = dict(zip(positional, values))  # noqa: B905 – fewer values than names is the usual case
            if len(named) < len(values):
                message = f"{cls.__qualname__}.__init__() takes {len(positional)} values but {len(values)} were given"
                raise TypeError(message)
            if not named.keys().isdisjoint(given):
                message = f"{cls.__qualname__}.__init__() got multiple values for {sorted(named.keys() & given)}"
                raise TypeError(message)
            given |= named
        if wrong := given.keys() != arguments and sorted((required - given.keys()) | (given.keys() - arguments)):
            message = f"{cls.__qualname__}.__init__() misses, or has no, argument of the names {wrong}"
            raise TypeError(message)
        if len(given) < len(listed):
            given = {**defaults, **{name: make() for name, make in factories.items() if name not in given}, **given}
        vars(self).update(given)
        if also:
            self.__post_init__()

    return __init__


def _is_made(each: Field) -> bool:
    return each.default_factory is not MISSING


def _repr_of(names: Sequence[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _eq_of(names: Sequence[str]) -> Callable[[Any, object], Any]:
    values = _values_of(names)

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        if self is other:
            return True
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    return __eq__


def _order_of(compare: Callable[[Any, Any], bool], names: Sequence[str]) -> Callable[[Any, object], Any]:
    values = _values_of(names)

    def ordered(self: Any, other: object) -> Any:
        return compare(values(self), values(other)) if type(other) is type(self) else NotImplemented

    return ordered


def _hash_of(names: Sequence[str]) -> Callable[[Any], int]:
    values = _values_of(names)

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _values_of(names: Sequence[str]) -> Callable[[Any], Any]:
    """Return what reads the values of these fields: a tuple, or of one field the value itself."""
    return attrgetter(*names) if names else lambda _: ()


def _refusal(cls: Any, known: Mapping[str, Field], verb: str) -> Callable[..., None]:
    def refuse(self: Any, name: str, *value: Any) -> None:
        if type(self) is cls or name in known:
            message = f"cannot {verb} field {name!r}"
            raise FrozenInstanceError(message)
        getattr(super(cls, self), "__setattr__" if value else "__delattr__")(name, *value)

    return refuse


def fields(class_or_instance: Any) -> tuple[Field, ...]:
    """Return the fields of a dataclass or of one of its objects. Raises `TypeError` for anything else."""
    try:
        return tuple(getattr(class_or_instance, FIELDS).values())
    except AttributeError:
        message = "must be called with a dataclass type or instance"
        raise TypeError(message) from None


def is_dataclass(obj: Any) -> bool:
    """Whether this is a dataclass, or an object of one."""
    return hasattr(obj if isinstance(obj, type) else type(obj), FIELDS)


def _is_instance(obj: Any) -> bool:
    return hasattr(type(obj), FIELDS)


def replace(obj: Any, /, **changes: Any) -> Any:
    """Make another object of the same class with some other values. Raises `TypeError` for what is no such object."""
    if not _is_instance(obj):
        message = "replace() should be called on dataclass instances"
        raise TypeError(message)
    return obj.__replace__(**changes)


def _replace_of(listed: Sequence[Field]) -> Callable[..., Any]:
    names = [each.name for each in listed if each.init]
    values = attrgetter(*names) if len(names) > 1 else lambda self: [getattr(self, name) for name in names]
    fixed = {each.name for each in listed if not each.init}

    def __replace__(self: Any, /, **changes: Any) -> Any:  # noqa: N807
        if not fixed.isdisjoint(changes):
            message = f"fields that are declared with init=False cannot be specified with replace(): {fixed & changes.keys()}"
            raise TypeError(message)
        return type(self)(**dict(zip(names, values(self), strict=True)) | changes)

    return __replace__


def asdict(obj: Any, *, dict_factory: Any = dict) -> Any:
    """Turn an object into a dict of its fields, and so the objects in it. Raises `TypeError` for what is no such object."""
    return _plain(_checked(obj), lambda names, values: dict_factory(list(zip(names, values, strict=True))))


def astuple(obj: Any, *, tuple_factory: Any = tuple) -> Any:
    """Turn an object into a tuple of its values, and so the objects in it. Raises `TypeError` for what is no such object."""
    return _plain(_checked(obj), lambda _, values: tuple_factory(values))


def _checked(obj: Any) -> Any:
    if not _is_instance(obj):
        message = "should be called on dataclass instances"
        raise TypeError(message)
    return obj


def _plain(value: Any, make: Callable[[list[str], list[Any]], Any]) -> Any:
    if _is_instance(value):
        names = [each.name for each in fields(value)]
        return make(names, [_plain(getattr(value, name), make) for name in names])
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_plain(each, make) for each in value))
    if isinstance(value, list | tuple):
        return type(value)(_plain(each, make) for each in value)
    if isinstance(value, dict):
        return type(value)((_plain(name, make), _plain(each, make)) for name, each in value.items())
    return deepcopy(value)

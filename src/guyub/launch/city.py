"""`guyub city create | seed | admin | list | backup | restore | erasures | move | drill`: a city's life on this installation."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from guyub.kernel.cities.api import City


def run(args: list[str]) -> int:
    options = _parser().parse_args(args)
    django.setup()
    from guyub.launch.backup import BackupProblem

    try:
        return options.act(options)
    except BackupProblem as problem:
        print(problem)
        return 1


def _parser() -> argparse.ArgumentParser:
    from guyub.launch.arguments import parser

    top = parser("city", "Create, seed and list cities.")
    commands = top.add_subparsers(required=True)
    create = commands.add_parser("create", help="add a regency or city by its code")
    create.add_argument("--code", required=True, help="official code, e.g. 33.73")
    create.add_argument("--slug", help="short name for addresses; made from the name if not given")
    create.add_argument("--host", action="append", default=[], help="host name; may be given more than once")
    create.set_defaults(act=_create)
    seed = commands.add_parser("seed", help="add what is missing of places, offices, categories and rules")
    seed.add_argument("city")
    seed.set_defaults(act=_seed)
    admin = commands.add_parser("admin", help="name the city's first admin, who names all others")
    admin.add_argument("city", help="slug or code")
    admin.add_argument("--email", required=True)
    admin.add_argument("--name", default="")
    admin.add_argument("--basis", default="Penunjukan pertama", help="the decree, word for word")
    admin.set_defaults(act=_admin)
    commands.add_parser("list", help="the cities here").set_defaults(act=_list)
    for add in (_backup_parser, _restore_parser, _erasures_parser, _move_parser, _drill_parser):
        add(commands)
    return top


def _backup_parser(commands: Any) -> None:
    backup = commands.add_parser("backup", help="write a city into one new file")
    backup.add_argument("city")
    backup.add_argument("file", type=Path)
    _passphrase(backup)
    backup.set_defaults(act=_backup)


def _restore_parser(commands: Any) -> None:
    restore = commands.add_parser(
        "restore", help="bring a city back from its file; never over one that is there"
    )
    restore.add_argument("file", type=Path)
    restore.add_argument("--as", dest="slug", help="another short name")
    restore.add_argument("--host", action="append", help="other host names; may be given more than once")
    restore.add_argument("--erasures", type=Path, help="the kept list of what was erased since")
    _passphrase(restore)
    restore.set_defaults(act=_restore)


def _erasures_parser(commands: Any) -> None:
    erasures = commands.add_parser(
        "erasures", help="print the list of what was erased on request; or do again what a kept list says"
    )
    erasures.add_argument("city")
    erasures.add_argument(
        "--again", type=Path, metavar="LIST", help="a list that was kept beside the backups"
    )
    erasures.set_defaults(act=_erasures)


def _move_parser(commands: Any) -> None:
    move = commands.add_parser(
        "move", help="carry a city to another PostgreSQL; back by the same command there"
    )
    move.add_argument("city")
    move.add_argument("--to", required=True, metavar="DATABASE_URL", help="of the owner's role there")
    move.add_argument("--app-role", help="the application's role there, if it has another name")
    move.add_argument("--data", type=Path, help="the folder of photos there, if it is another one")
    move.add_argument("--work", type=Path, default=Path("."), help="a folder with room for the tables")
    move.set_defaults(act=_move)


def _drill_parser(commands: Any) -> None:
    drill = commands.add_parser(
        "drill", help="restore the newest backup beside the city, check it, remove it"
    )
    drill.add_argument("city")
    drill.add_argument("--file", type=Path, help="another backup than the newest")
    _passphrase(drill)
    drill.set_defaults(act=_drill)


def _passphrase(options: argparse.ArgumentParser) -> None:
    options.add_argument(
        "--passphrase-file", type=Path, help="its first line encrypts the file, and opens it again"
    )


def _create(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.founding import add_city
    from guyub.kernel.cities import api as cities
    from guyub.rooms.places.api import codes

    try:
        city = add_city(code=options.code, slug=options.slug, hosts=options.host, at=timezone.now())
    except codes.UnknownRegion:
        print(f"There is no kabupaten or kota with the code '{options.code}'. Codes look like 33.73.")
        return 1
    except cities.CityExists as taken:
        print(taken)
        return 1
    print(f"{city.name} is ready at {', '.join(city.hosts)}.")
    return 0


def _seed(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.founding import seed
    from guyub.kernel.cities import api as cities

    try:
        city = cities.get_city_by_slug(options.city)
    except LookupError as unknown:
        print(unknown)
        return 1
    with cities.inside(city):
        seed(city, at=timezone.now())
    return 0


def _admin(options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone

    from guyub.kernel.cities import api as cities
    from guyub.rooms.people import api as people

    try:
        city = cities.get_city_by_slug(options.city)
        validate_email(options.email)
        with cities.inside(city):
            people.add_admin(email=options.email, name=options.name, basis=options.basis, at=timezone.now())
    except ValidationError:
        print(f"'{options.email}' is no e-mail address.")
        return 1
    except (LookupError, people.GrantRefused) as problem:
        print(problem)
        return 1
    print(f"{options.email} is an admin of {city.name} and signs in at {', '.join(city.hosts)}.")
    return 0


def _list(options: argparse.Namespace) -> int:
    from guyub.kernel.cities import api as cities

    for city in cities.cities():
        print(f"{city.code}  {city.slug:16} {city.name:28} {', '.join(city.hosts)}")
    return 0


def _city(slug: str) -> City:
    from guyub.kernel.cities import api as cities
    from guyub.launch.backup import BackupProblem

    try:
        return cities.get_city_by_slug(slug)
    except LookupError as unknown:
        raise BackupProblem(str(unknown)) from None


def _secret(options: argparse.Namespace) -> bytes | None:
    from guyub.launch.backup import BackupProblem

    if options.passphrase_file is None:
        return None
    try:
        first = options.passphrase_file.read_bytes().partition(b"\n")[0].strip()
    except OSError as problem:
        raise BackupProblem(f"The passphrase cannot be read: {problem}") from None
    if len(first) < 12:
        raise BackupProblem("A passphrase has 12 characters at least.")
    return first


def _backup(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.launch.backup import back_up

    began = time.monotonic()
    found = back_up(_city(options.city), options.file, at=timezone.now(), passphrase=_secret(options))
    print(
        f"{options.file}: {options.file.stat().st_size / 1e6:.1f} MB, {found['facts']} facts, {found['photos']} photo files, "
        f"in {time.monotonic() - began:.1f} s. The master key is not in it."
    )
    return 0


def _restore(options: argparse.Namespace) -> int:
    from guyub.launch.backup import restore

    began = time.monotonic()
    done = restore(options.file, passphrase=_secret(options), slug=options.slug, hosts=options.host)
    print(
        f"{done.record['name']} is back at {', '.join(done.record['hosts'])} as of {done.manifest['made_at']}: "
        f"{done.manifest['facts']} facts, {done.photos} photo files, in {time.monotonic() - began:.1f} s."
    )
    for words in done.warnings:
        print(f"Mind: {words}")
    return _erase_what_came_back(str(done.record["slug"]), options.erasures)


def _erase_what_came_back(slug: str, kept: Path | None) -> int:
    """What was erased after the backup was made is erased again before anybody opens a page."""
    from guyub.kernel import erasures
    from guyub.kernel.cities import registry

    city = _city(slug)
    file = kept or erasures.list_of(city)
    if city.schema in registry.lagging():
        print(f"Mind: after `guyub migrate` run `guyub city erasures {slug} --again {file}`.")
        return 0
    if not file.exists():
        print(
            f"Mind: there is no list of erasures at {file}. What people had erased after the backup is back. With "
            f"the list from beside the backups: `guyub city erasures {slug} --again LIST`."
        )
        return 0 if kept is None else 1
    return _again(city, file)


def _erasures(options: argparse.Namespace) -> int:
    from guyub.kernel import erasures
    from guyub.kernel.cities import api as cities

    city = _city(options.city)
    if options.again:
        return _again(city, options.again)
    with cities.inside(city):
        for line in erasures.export():
            print(line, end="")
    return 0


def _again(city: City, file: Path) -> int:
    from django.utils import timezone

    from guyub.kernel import erasures
    from guyub.kernel.cities import api as cities

    try:
        lines = erasures.read(file)
    except OSError as problem:
        print(problem)
        return 1
    with cities.inside(city):
        done = erasures.repeat(lines, at=timezone.now())
    said = ", ".join(f"{name} {number}" for name, number in sorted(done.items()))
    print(f"{len(lines)} erasures in {file}; done again: {said or 'nothing, all was as it should be'}.")
    return 0


def _move(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.launch.backup import move
    from guyub.launch.backup.programs import settings_of

    city = _city(options.city)
    print(f"{city.name} can be read and not be written while it moves …", flush=True)
    done = move(
        city,
        to=settings_of(options.to),
        at=timezone.now(),
        work=options.work,
        app_role=options.app_role,
        data=options.data,
    )
    print(
        f"{city.name} has moved: {done.facts} facts under {done.seals} seals; closed for {done.closed_seconds:.1f} s.\n"
        f"Send its host names ({', '.join(city.hosts)}) to the processes of the other database now.\n"
        f"A copy stays here as the schema {done.left}; when you are sure: DROP SCHEMA {done.left} CASCADE;"
    )
    return 0


def _drill(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.launch.backup import drill

    found = drill(_city(options.city), at=timezone.now(), file=options.file, passphrase=_secret(options))
    print(
        f"{found.file} of {found.made_at:%Y-%m-%d %H:%M} UTC, {found.size / 1e6:.1f} MB, can be restored.\n"
        f"  {found.facts} facts under {found.seals} seals, all as they were sealed; {found.photos} photo files whole\n"
        f"  read and checked in {found.read_seconds:.1f} s, tables back in {found.tables_seconds:.1f} s, "
        f"seals verified in {found.verify_seconds:.1f} s: {found.seconds:.1f} s in all"
    )
    return 0

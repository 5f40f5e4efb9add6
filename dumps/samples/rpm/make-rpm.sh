#!/bin/bash
# Makes one set of installed packages as an ndb and as Berkeley DBs, and lists what rpm says is in them; it must be what rpm
# says of the same packages in SQLite.
# Run in an empty directory, with
#   RPM       the bin folder of rpm 4.18.0 built from Debian's source with `./configure --enable-ndb --enable-bdb-ro --enable-sqlite`
#             (Debian's own rpm is built without ndb)
#   python3   with python3-bsddb3 (Debian 12), which writes with Berkeley DB 5.3; rpm itself no longer writes this form
# Dates and digests in the headers differ from run to run, names, versions and files do not.
set -e
: "${RPM:?}"
export PATH=$RPM:$PATH HOME=$PWD
rpm() { command rpm --dbpath "$PWD/db" --define "_db_backend $BACKEND" "$@"; }

### 1. packages: 300 small ones, more than the 254 slots of a first page; a large one, whose header is a chain of pages
cat > sample.spec <<'EOF_SPEC'
Name: sample
Version: 1.4.2
Release: 3
Summary: Many files
License: MIT
BuildArch: noarch
%description
Many files.
%install
%{lua:
  local function touch(path) print('mkdir -p "$RPM_BUILD_ROOT$(dirname "'..path..'")"; : > "$RPM_BUILD_ROOT'..path..'"\n') end
  for i = 1, 900 do touch(string.format("/usr/share/sample/%02d/document-%03d.txt", i % 30, i)) end
  touch("/lib64/libsample.so.1")
  touch("/etc/sample.conf")
  for i = 1, 300 do
    touch(string.format("/usr/lib64/part/%03d.so", i))
    if i % 3 == 0 then touch(string.format("/etc/part/%03d/ü.conf", i)) end
  end
}
%files
/lib64/libsample.so.1
/etc/sample.conf
/usr/share/sample
%{lua:
  for i = 1, 300 do
    print(string.format("%%package -n part-%03d\nVersion: 0.%d\n", i, i))
    if i % 7 == 0 then print("Epoch: "..(i // 7).."\n") end
    print("Summary: A part\n%description -n "..string.format("part-%03d\nA part.\n%%files -n part-%03d\n/usr/lib64/part/%03d.so\n", i, i, i))
    if i % 3 == 0 then print(string.format("/etc/part/%03d\n", i)) end
  end
}
EOF_SPEC
rpmbuild -bb --define "_topdir $PWD/build" --define "_buildhost sample" --define "__os_install_post %{nil}" \
  --define "__find_provides %{nil}" --define "__find_requires %{nil}" --define "_use_internal_dependency_generator 0" sample.spec > build.log 2>&1

### 2. rpm's own two forms: all are installed, then twenty are erased and some of these installed again
for BACKEND in ndb sqlite; do
  rm -rf db
  rpm --initdb
  rpm -i --justdb --nodeps --noscripts build/RPMS/noarch/*.rpm
  rpm -e --justdb --nodeps $(seq -f 'part-%03g' 10 10 200)
  rpm -i --justdb --nodeps build/RPMS/noarch/part-0[1-4]0-*.rpm
  rpm -qa --qf '[%{=NAME}\t%|EPOCH?{%{=EPOCH}:}|%{=VERSION}-%{=RELEASE}\t%{FILENAMES}\n]' | LC_ALL=C sort > $BACKEND.tsv
  rm -rf $BACKEND && mv db $BACKEND
done

### 3. Berkeley DB in both byte orders: the same headers in the same order, with the same erased
cat > bdb.py <<'EOF_PY'
import sqlite3, struct, sys
from bsddb3 import db
order, path = sys.argv[1], sys.argv[2]
headers = sqlite3.connect("sqlite/rpmdb.sqlite").execute("SELECT hnum, blob FROM Packages ORDER BY hnum").fetchall()
made = db.DB()
made.set_pagesize(4096 if order == '<' else 512)  # as rpm has it; small pages make many buckets
made.set_lorder(1234 if order == "<" else 4321)
made.open(path, None, db.DB_HASH, db.DB_CREATE)
key = lambda number: struct.pack(order + "I", number)
last = max(number for number, blob in headers)
blobs = dict(headers)
small = min(blobs.values(), key=len)
for number in range(1, last + 1):  # what was erased is written as well, with another's header, and removed below
    made.put(key(0), key(number))  # the last number given; rpm keeps it under key 0
    made.put(key(number), blobs.get(number, small))
for number in range(1, last + 1):
    if number not in blobs: made.delete(key(number))
made.close()
EOF_PY
mkdir -p bdb bdb-big-endian
rm -f bdb/Packages bdb-big-endian/Packages
python3 bdb.py '<' bdb/Packages
python3 bdb.py '>' bdb-big-endian/Packages
for form in bdb bdb-big-endian; do
  BACKEND=bdb_ro
  rm -rf db && cp -r $form db
  rpm -qa --qf '[%{=NAME}\t%|EPOCH?{%{=EPOCH}:}|%{=VERSION}-%{=RELEASE}\t%{FILENAMES}\n]' 2> no-indexes.log | LC_ALL=C sort > $form.tsv
done

### 4. all four say the same
for form in ndb bdb bdb-big-endian; do cmp sqlite.tsv $form.tsv; done
rm -rf out && mkdir out
cp sqlite.tsv out/files.tsv
zstd -q --ultra -22 --no-check ndb/Packages.db -o out/Packages.db.zst
zstd -q --ultra -22 --no-check bdb/Packages -o out/Packages.zst
zstd -q --ultra -22 --no-check bdb-big-endian/Packages -o out/Packages-big-endian.zst
chmod 644 out/*

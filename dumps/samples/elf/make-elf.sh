#!/bin/sh
# Makes the files of this folder, and what readelf says of them (the independent oracle of the tests).
# Debian 12: gcc 12.2.0, gcc-aarch64-linux-gnu 12.2.0, binutils 2.40.
set -eu
cd "$(dirname "$0")"
common="-O1 -fPIC -ffreestanding -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none"
link="-shared -Wl,--version-script=library.map,-soname,library.so,--build-id=sha1,-s"

gcc $common library.c $link -Wl,-z,lazy -o x86-64-lazy.so
gcc $common library.c $link -Wl,-z,now -Wl,-z,pack-relative-relocs -Wl,-z,noseparate-code -o x86-64-packed.so
gcc $common -mtls-dialect=gnu2 library.c $link -Wl,-z,lazy -Wl,-z,noseparate-code -Wl,-z,norelro -o x86-64-descriptors.so
gcc -O1 -fno-pic -no-pie -ffreestanding -nostdlib -fno-asynchronous-unwind-tables -fcf-protection=none executable.c \
  x86-64-lazy.so -Wl,--allow-shlib-undefined,--build-id=sha1,-s -Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2 -o x86-64-executable
gcc -O1 -static -nostdlib -ffreestanding -fno-asynchronous-unwind-tables -fcf-protection=none static.c \
  -Wl,-z,noseparate-code,--build-id=sha1,-s -o x86-64-static
aarch64-linux-gnu-gcc ${common% -fcf*} library.c $link -Wl,-z,lazy,-z,max-page-size=4096 -o aarch64-lazy.so

for file in *.so x86-64-executable x86-64-static; do LC_ALL=C readelf -lrdW --dyn-syms "$file" > "$file.readelf.txt"; done

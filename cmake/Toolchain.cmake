# The compiler, its flags, the linker and the cache; the presets choose among them.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} compiles coroutine statements into double frees; "
    "use clang-19 (apt install clang-19; the presets choose it) or g++ 13 and later.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(S3ZIPPER_WERROR "Treat warnings as errors" OFF)
set(S3ZIPPER_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
option(S3ZIPPER_FUZZ "Build the fuzzers of test/fuzz (clang only)" OFF)

# Paths below the checkout are hashed relative to it, so that one clone's work serves the next.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
      CCACHE_ABSSTDERR=true
      ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wdouble-promotion -Wimplicit-fallthrough -Wextra-semi
  -Wcast-align)
if(S3ZIPPER_WERROR)
  target_compile_options(warnings INTERFACE -Werror)
endif()

if(S3ZIPPER_SANITIZE)
  add_compile_options(-fsanitize=${S3ZIPPER_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${S3ZIPPER_SANITIZE})
endif()
# Coverage for libFuzzer; its main() is linked to the fuzzers alone.
if(S3ZIPPER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  add_compile_options(-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
  add_link_options(-Wl,-z,relro,-z,now)
endif()

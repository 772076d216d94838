# app_library(NAME SOURCES a.cc … TESTS a_test.cc … DEPENDS base … LIBRARIES ZLIB::ZLIB … [SHARDS n])
#
# One static library per folder of src/, and one GoogleTest binary, NAME_test, for the tests that
# stand beside its files. ctest runs the binary as unit.NAME, label "unit"; where that takes long, as
# SHARDS processes, each of which makes its part of the tests: a process for each test would cost
# more than most of the tests, above all under the sanitizers.

# unit_tests(NAME [SHARDS])
function(unit_tests name)
  set(shards 1 ${ARGN})
  list(GET shards -1 shards)
  math(EXPR last "${shards} - 1")
  foreach(shard RANGE ${last})
    set(test unit.${name})
    if(shards GREATER 1)
      set(test unit.${name}.${shard})
    endif()
    add_test(NAME ${test} COMMAND ${name}_test --gtest_brief=1)
    set_tests_properties(${test} PROPERTIES LABELS unit TIMEOUT 600
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()

function(app_library name)
  cmake_parse_arguments(ARG "" "SHARDS" "SOURCES;TESTS;DEPENDS;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} ${ARG_LIBRARIES} PRIVATE warnings)
  if(ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE ${name} warnings GTest::gtest_main)
    unit_tests(${name} ${ARG_SHARDS})
  endif()
endfunction()

# The layer graph of layers.txt, for libraries: one a top folder.

set(LAYERS_FILE ${CMAKE_SOURCE_DIR}/layers.txt)
set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${LAYERS_FILE})

# layers_below(TOP RESULT): the other top folders that TOP and its subfolders stand on.
function(layers_below top result)
  file(STRINGS ${LAYERS_FILE} lines REGEX "^${top}(/[a-z0-9_/]+)?:")
  set(below)
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^[^:]+: *" "" targets "${line}")
    string(REPLACE " " ";" targets "${targets}")
    list(TRANSFORM targets REPLACE "/.*" "")
    list(APPEND below ${targets})
  endforeach()
  list(REMOVE_DUPLICATES below)
  list(REMOVE_ITEM below ${top})
  set(${result} ${below} PARENT_SCOPE)
endfunction()

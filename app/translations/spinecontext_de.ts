<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About SpineContext Desktop</source>
        <translation>Über SpineContext Desktop</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>&amp;Program</source>
        <translation>&amp;Programm</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Licences</source>
        <translation>&amp;Lizenzen</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Version {0}</translation>
    </message>
    <message>
        <source>For research use, not for diagnosis.</source>
        <translation>Für die Forschung, nicht zur Diagnose.</translation>
    </message>
    <message>
        <source>Finds the spine in a CT on this computer. No data is sent anywhere: the program does not use the network.</source>
        <translation>Findet die Wirbelsäule in einem CT auf diesem Computer. Es werden keine Daten gesendet: Das Programm benutzt kein Netzwerk.</translation>
    </message>
    <message>
        <source>The method is SpineContextResUNet, arXiv 2605.20760. A person must check every result.</source>
        <translation>Das Verfahren ist SpineContextResUNet, arXiv 2605.20760. Jedes Ergebnis muss von einem Menschen geprüft werden.</translation>
    </message>
    <message>
        <source>The program is under the MIT licence. What the model was trained on, and what its licence allows, is on its page.</source>
        <translation>Das Programm steht unter der MIT-Lizenz. Womit das Modell trainiert wurde und was seine Lizenz erlaubt, steht auf seiner Seite.</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>Steckbrief des Modells</translation>
    </message>
    <message>
        <source>This model has no card.</source>
        <translation>Zu diesem Modell gibt es keinen Steckbrief.</translation>
    </message>
    <message>
        <source>Licence text</source>
        <translation>Lizenztext</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>Bestandteile</translation>
    </message>
</context>
<context>
    <name>ActivityBar</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>CaseQueue</name>
    <message>
        <source>Unsure: check all slices.</source>
        <translation>Unsicher: Bitte alle Schichten prüfen.</translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>A task is still running. Cancel it and quit?</source>
        <translation>Es läuft noch ein Vorgang. Abbrechen und beenden?</translation>
    </message>
    <message>
        <source>Cancel the &amp;task</source>
        <translation>&amp;Vorgang abbrechen</translation>
    </message>
    <message>
        <source>Cancelling what is still running. The window then closes by itself, within {0:.0f} seconds at most.</source>
        <translation>Was noch läuft, wird abgebrochen. Das Fenster schließt sich danach von selbst, spätestens nach {0:.0f} Sekunden.</translation>
    </message>
</context>
<context>
    <name>ComparisonPanel</name>
    <message>
        <source>Agreement (Dice)</source>
        <translation>Dice-Koeffizient</translation>
    </message>
    <message>
        <source>Surfaces (HD95)</source>
        <translation>Oberflächen (HD95)</translation>
    </message>
    <message>
        <source>This mask</source>
        <translation>Diese Maske</translation>
    </message>
    <message>
        <source>Other mask</source>
        <translation>Andere Maske</translation>
    </message>
    <message>
        <source>Close comparison</source>
        <translation>Vergleich schließen</translation>
    </message>
    <message>
        <source>Comparison of two masks</source>
        <translation>Vergleich zweier Masken</translation>
    </message>
    <message>
        <source>more than {0} mm apart</source>
        <translation>über {0} mm auseinander</translation>
    </message>
    <message>
        <source>95 % within {0} mm</source>
        <translation>95 % innerhalb von {0} mm</translation>
    </message>
    <message>
        <source>none: a mask is empty</source>
        <translation>keine: eine Maske ist leer</translation>
    </message>
    <message>
        <source>{0} mL
{1} mL of it only here</source>
        <translation>{0} ml
{1} ml nur hier</translation>
    </message>
</context>
<context>
    <name>CorrectionController</name>
    <message>
        <source>There is no edge of the spine under the brush.</source>
        <translation>Unter dem Pinsel liegt kein Rand der Wirbelsäule.</translation>
    </message>
    <message>
        <source>There is no spine here.</source>
        <translation>Hier ist keine Wirbelsäule.</translation>
    </message>
    <message>
        <source>There is no other piece, or no spine here.</source>
        <translation>Hier ist keine Wirbelsäule, oder es gibt kein weiteres Stück.</translation>
    </message>
    <message>
        <source>This line cuts nothing off. Draw it right across.</source>
        <translation>Diese Linie trennt nichts ab. Ziehen Sie sie ganz hindurch.</translation>
    </message>
    <message>
        <source>There are no holes in the spine.</source>
        <translation>Die Wirbelsäule hat keine Löcher.</translation>
    </message>
    <message>
        <source>There is nothing to change.</source>
        <translation>Es gibt nichts zu ändern.</translation>
    </message>
</context>
<context>
    <name>DropFrame</name>
    <message>
        <source>Drop a CT to open it, or a mask of this one</source>
        <translation>Ein anderes CT oder eine Maske dieses CTs hierher ziehen</translation>
    </message>
</context>
<context>
    <name>EditToolbar</name>
    <message>
        <source>Corrections</source>
        <translation>Korrekturen</translation>
    </message>
    <message>
        <source>Grow everywhere by a voxel</source>
        <translation>Überall um ein Voxel vergrößern</translation>
    </message>
    <message>
        <source>Shrink everywhere by a voxel</source>
        <translation>Überall um ein Voxel verkleinern</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>Löcher füllen</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Move the crosshair; change nothing</source>
        <translation>Das Fadenkreuz bewegen; nichts ändern</translation>
    </message>
    <message>
        <source>Remove piece</source>
        <translation>Stück entfernen</translation>
    </message>
    <message>
        <source>Click a piece of the spine to remove it</source>
        <translation>Ein Stück der Wirbelsäule anklicken, um es zu entfernen</translation>
    </message>
    <message>
        <source>Keep only this piece</source>
        <translation>Nur dieses Stück behalten</translation>
    </message>
    <message>
        <source>Click a piece of the spine to remove all others</source>
        <translation>Ein Stück der Wirbelsäule anklicken, um alle anderen zu entfernen</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Add spine</source>
        <translation>Wirbelsäule hinzufügen</translation>
    </message>
    <message>
        <source>Erase spine</source>
        <translation>Wirbelsäule wegnehmen</translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation>Abschneiden</translation>
    </message>
    <message>
        <source>Draw a line across an attached rib: the smaller part goes</source>
        <translation>Eine Linie quer durch eine anhängende Rippe ziehen: Der kleinere Teil verschwindet</translation>
    </message>
    <message>
        <source>Grow here</source>
        <translation>Hier vergrößern</translation>
    </message>
    <message>
        <source>Click to grow the spine under the brush by a voxel</source>
        <translation>Klicken, um die Wirbelsäule unter dem Pinsel um ein Voxel zu vergrößern</translation>
    </message>
    <message>
        <source>Shrink here</source>
        <translation>Hier verkleinern</translation>
    </message>
    <message>
        <source>Click to shrink the spine under the brush by a voxel</source>
        <translation>Klicken, um die Wirbelsäule unter dem Pinsel um ein Voxel zu verkleinern</translation>
    </message>
    <message>
        <source>Correction</source>
        <translation>Korrektur</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Radius of brush and eraser</source>
        <translation>Radius von Pinsel und Radierer</translation>
    </message>
    <message>
        <source>Radius of brush and eraser (Shift+wheel)</source>
        <translation>Radius von Pinsel und Radierer (Umschalt+Rad)</translation>
    </message>
    <message>
        <source>Radius</source>
        <translation>Radius</translation>
    </message>
    <message>
        <source>3D</source>
        <translation>3D</translation>
    </message>
    <message>
        <source>Brush over slices</source>
        <translation>Pinsel über Schichten</translation>
    </message>
    <message>
        <source>The brush is a ball that reaches across slices</source>
        <translation>Der Pinsel ist eine Kugel, die über mehrere Schichten reicht</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>More tools</source>
        <translation>Weitere Werkzeuge</translation>
    </message>
</context>
<context>
    <name>ExportController</name>
    <message>
        <source>The vertebrae are being worked out. Export once that is done.</source>
        <translation>Die Wirbel werden noch berechnet. Exportieren Sie danach.</translation>
    </message>
    <message>
        <source>A correction is being worked out. Export once that is done.</source>
        <translation>Eine Korrektur wird noch berechnet. Exportieren Sie danach.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner anzeigen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancelling. Nothing will be written.</source>
        <translation>Wird abgebrochen. Es wird nichts geschrieben.</translation>
    </message>
    <message>
        <source>Mask as &amp;NIfTI (.nii.gz)</source>
        <translation>Maske als &amp;NIfTI (.nii.gz)</translation>
    </message>
    <message>
        <source>Mask as N&amp;RRD (.nrrd)</source>
        <translation>Maske als N&amp;RRD (.nrrd)</translation>
    </message>
    <message>
        <source>Mask as &amp;DICOM segmentation, for the archive (.dcm)</source>
        <translation>Maske als &amp;DICOM-Segmentierung, für das Archiv (.dcm)</translation>
    </message>
    <message>
        <source>&amp;Surface as STL, for 3D printing (.stl)</source>
        <translation>O&amp;berfläche als STL, für den 3D-Druck (.stl)</translation>
    </message>
    <message>
        <source>&amp;Picture of the views (.png)</source>
        <translation>Bi&amp;ld der Ansichten (.png)</translation>
    </message>
    <message>
        <source>&amp;One-page report (.pdf)</source>
        <translation>&amp;Bericht auf einer Seite (.pdf)</translation>
    </message>
    <message>
        <source>&amp;Vertebrae apart: NIfTI, and as the mask is ticked</source>
        <translation>&amp;Wirbel einzeln: NIfTI und die Formate der Maske</translation>
    </message>
    <message>
        <source>S&amp;TL of each vertebra</source>
        <translation>S&amp;TL jedes Wirbels</translation>
    </message>
    <message>
        <source>Rep&amp;ort, with a page on the vertebrae (.pdf)</source>
        <translation>Beri&amp;cht mit einer Seite über die Wirbel (.pdf)</translation>
    </message>
    <message>
        <source>Only for a CT that was opened as DICOM</source>
        <translation>Nur für ein CT, das als DICOM geöffnet wurde</translation>
    </message>
    <message>
        <source>In the files&apos; names, and with today&apos;s date in picture and report</source>
        <translation>In den Dateinamen und mit dem heutigen Datum in Bild und Bericht</translation>
    </message>
    <message>
        <source>Export progress</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>Na&amp;me</source>
        <translation>Na&amp;me</translation>
    </message>
    <message>
        <source>Choose at least one of the above.</source>
        <translation>Bitte oben mindestens eines auswählen.</translation>
    </message>
    <message>
        <source>Choose a name without these characters: {0}</source>
        <translation>Bitte einen Namen ohne diese Zeichen wählen: {0}</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>Bitte einen Ordner wählen.</translation>
    </message>
    <message>
        <source>The DICOM file contains the patient&apos;s name, ID and dates, because an archive needs them.</source>
        <translation>Die DICOM-Datei enthält Name, Patienten-ID und Daten des Patienten, weil ein Archiv sie braucht.</translation>
    </message>
    <message>
        <source>Choose the folder for exports</source>
        <translation>Ordner für Exporte wählen</translation>
    </message>
    <message>
        <source>Writing {0} (file {1} of {2})</source>
        <translation>{0} wird geschrieben (Datei {1} von {2})</translation>
    </message>
    <message>
        <source>Written to {0}:
{1}</source>
        <translation>Geschrieben nach {0}:
{1}</translation>
    </message>
    <message>
        <source>There is no spine, and so no surface.</source>
        <translation>Es gibt keine Wirbelsäule, also auch keine Oberfläche.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was written.</source>
        <translation>Abgebrochen. Es wurde nichts geschrieben.</translation>
    </message>
</context>
<context>
    <name>FormatButton</name>
    <message>
        <source>What is written for each case; DICOM SEG only for DICOM</source>
        <translation>Was für jeden Fall geschrieben wird; DICOM SEG nur bei DICOM</translation>
    </message>
    <message>
        <source>Vertebrae apart</source>
        <translation>Wirbel einzeln</translation>
    </message>
    <message>
        <source>STL of each vertebra</source>
        <translation>STL jedes Wirbels</translation>
    </message>
    <message>
        <source>vertebrae</source>
        <translation>Wirbel</translation>
    </message>
    <message>
        <source>Writes {0}</source>
        <translation>Schreibt {0}</translation>
    </message>
    <message>
        <source>Writes {0} kinds of files</source>
        <translation>Schreibt {0} Arten von Dateien</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Anleitung</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>&amp;Guide</source>
        <translation>&amp;Anleitung</translation>
    </message>
    <message>
        <source>&amp;Keys and mouse</source>
        <translation>&amp;Tasten und Maus</translation>
    </message>
    <message>
        <source>In a slice, with the mouse</source>
        <translation>In einer Schicht, mit der Maus</translation>
    </message>
    <message>
        <source>In a slice, with keys</source>
        <translation>In einer Schicht, mit Tasten</translation>
    </message>
    <message>
        <source>In the 3D view</source>
        <translation>In der 3D-Ansicht</translation>
    </message>
    <message>
        <source>Corrections</source>
        <translation>Korrekturen</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>Vertebrae</source>
        <translation>Wirbel</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>scroll through the slices</source>
        <translation>durch die Schichten blättern</translation>
    </message>
    <message>
        <source>Click</source>
        <translation>Klick</translation>
    </message>
    <message>
        <source>move the crosshair here; the other views follow</source>
        <translation>das Fadenkreuz hierher bewegen; die anderen Ansichten folgen</translation>
    </message>
    <message>
        <source>Drag with the right button</source>
        <translation>Ziehen mit der rechten Taste</translation>
    </message>
    <message>
        <source>brightness and contrast</source>
        <translation>Helligkeit und Kontrast</translation>
    </message>
    <message>
        <source>Drag with the middle button</source>
        <translation>Ziehen mit der mittleren Taste</translation>
    </message>
    <message>
        <source>pan the slice</source>
        <translation>die Schicht verschieben</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Strg+Rad</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>größer, kleiner</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>enlarge the view, or restore it</source>
        <translation>die Ansicht vergrößern oder wiederherstellen</translation>
    </message>
    <message>
        <source>Up, Down; Page Up, Page Down</source>
        <translation>Auf, Ab; Bild auf, Bild ab</translation>
    </message>
    <message>
        <source>one slice; ten slices</source>
        <translation>eine Schicht; zehn Schichten</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Pos1, Ende</translation>
    </message>
    <message>
        <source>first slice, last slice</source>
        <translation>erste Schicht, letzte Schicht</translation>
    </message>
    <message>
        <source>Shift+arrows</source>
        <translation>Umschalt+Pfeile</translation>
    </message>
    <message>
        <source>move the crosshair</source>
        <translation>das Fadenkreuz bewegen</translation>
    </message>
    <message>
        <source>Ctrl+arrows</source>
        <translation>Strg+Pfeile</translation>
    </message>
    <message>
        <source>Ctrl+Shift+arrows</source>
        <translation>Strg+Umschalt+Pfeile</translation>
    </message>
    <message>
        <source>+, −, 0</source>
        <translation>+, −, 0</translation>
    </message>
    <message>
        <source>zoom in, zoom out, the whole slice</source>
        <translation>vergrößern, verkleinern, die ganze Schicht</translation>
    </message>
    <message>
        <source>P</source>
        <translation>P</translation>
    </message>
    <message>
        <source>play through the slices, or stop</source>
        <translation>Schichten abspielen, oder anhalten</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Drag, or arrows</source>
        <translation>Ziehen, oder Pfeile</translation>
    </message>
    <message>
        <source>rotate the spine</source>
        <translation>die Wirbelsäule drehen</translation>
    </message>
    <message>
        <source>Wheel, or +, −</source>
        <translation>Rad, oder +, −</translation>
    </message>
    <message>
        <source>pan the spine</source>
        <translation>die Wirbelsäule verschieben</translation>
    </message>
    <message>
        <source>0</source>
        <translation>0</translation>
    </message>
    <message>
        <source>the whole spine from the front</source>
        <translation>die ganze Wirbelsäule von vorn</translation>
    </message>
    <message>
        <source>Click, or Space</source>
        <translation>Klick oder Leertaste</translation>
    </message>
    <message>
        <source>move the crosshair here, or to the middle</source>
        <translation>das Fadenkreuz hierher oder in die Mitte bewegen</translation>
    </message>
    <message>
        <source>Slider beside it</source>
        <translation>Regler daneben</translation>
    </message>
    <message>
        <source>cut away; turn to look into the rest</source>
        <translation>wegschneiden; drehen, um in den Rest zu sehen</translation>
    </message>
    <message>
        <source>L, Escape</source>
        <translation>L, Esc</translation>
    </message>
    <message>
        <source>look; a click changes nothing</source>
        <translation>ansehen; ein Klick ändert nichts</translation>
    </message>
    <message>
        <source>R, K</source>
        <translation>R, K</translation>
    </message>
    <message>
        <source>a click removes a piece, or keeps only this one</source>
        <translation>ein Klick entfernt ein Stück, oder behält nur dieses</translation>
    </message>
    <message>
        <source>B, E</source>
        <translation>B, E</translation>
    </message>
    <message>
        <source>brush, eraser; with 3D they reach across slices</source>
        <translation>Pinsel, Radierer; mit 3D reichen sie über mehrere Schichten</translation>
    </message>
    <message>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <source>draw a line, or click its ends: the smaller part goes</source>
        <translation>eine Linie ziehen oder ihre Enden klicken: Der kleinere Teil verschwindet</translation>
    </message>
    <message>
        <source>G, S</source>
        <translation>G, S</translation>
    </message>
    <message>
        <source>a click grows or shrinks the spine under the brush</source>
        <translation>ein Klick vergrößert oder verkleinert die Wirbelsäule unter dem Pinsel</translation>
    </message>
    <message>
        <source>Shift+wheel</source>
        <translation>Umschalt+Rad</translation>
    </message>
    <message>
        <source>larger or smaller brush</source>
        <translation>größerer oder kleinerer Pinsel</translation>
    </message>
    <message>
        <source>undo; the arrow beside it lists the steps</source>
        <translation>rückgängig; der Pfeil daneben listet die Schritte auf</translation>
    </message>
    <message>
        <source>Ctrl+Space</source>
        <translation>Strg+Leertaste</translation>
    </message>
    <message>
        <source>use the tool at the crosshair</source>
        <translation>das Werkzeug am Fadenkreuz benutzen</translation>
    </message>
    <message>
        <source>Ctrl+Z</source>
        <translation>Strg+Z</translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation>Strg+Y</translation>
    </message>
    <message>
        <source>redo</source>
        <translation>wiederholen</translation>
    </message>
    <message>
        <source>D, A, C, M</source>
        <translation>D, A, C, M</translation>
    </message>
    <message>
        <source>distance, angle, Cobb angle, HU in a circle</source>
        <translation>Strecke, Winkel, Cobb-Winkel, HU im Kreis</translation>
    </message>
    <message>
        <source>Drag a handle or a line</source>
        <translation>Griff oder Linie ziehen</translation>
    </message>
    <message>
        <source>change a measurement, or move it</source>
        <translation>eine Messung ändern, oder verschieben</translation>
    </message>
    <message>
        <source>set a point at the crosshair</source>
        <translation>einen Punkt am Fadenkreuz setzen</translation>
    </message>
    <message>
        <source>Ctrl+Z, Ctrl+Y</source>
        <translation>Strg+Z, Strg+Y</translation>
    </message>
    <message>
        <source>undo, redo what was measured last</source>
        <translation>letzte Messung rückgängig machen, wiederholen</translation>
    </message>
    <message>
        <source>Delete, in the list</source>
        <translation>Entf, in der Liste</translation>
    </message>
    <message>
        <source>delete a measurement</source>
        <translation>eine Messung löschen</translation>
    </message>
    <message>
        <source>V, N</source>
        <translation>V, N</translation>
    </message>
    <message>
        <source>find the vertebrae, name the one at the crosshair</source>
        <translation>Wirbel finden, den am Fadenkreuz benennen</translation>
    </message>
    <message>
        <source>Right click on a vertebra</source>
        <translation>Rechtsklick auf einen Wirbel</translation>
    </message>
    <message>
        <source>name it, merge it, split it, give a piece to its neighbour</source>
        <translation>benennen, verbinden, teilen, ein Stück dem Nachbarn geben</translation>
    </message>
    <message>
        <source>straightened view in place of the 3D view, or back</source>
        <translation>begradigte Ansicht anstelle der 3D-Ansicht und zurück</translation>
    </message>
    <message>
        <source>T</source>
        <translation>T</translation>
    </message>
    <message>
        <source>Space, in the list</source>
        <translation>Leertaste, in der Liste</translation>
    </message>
    <message>
        <source>hide or show the vertebra</source>
        <translation>den Wirbel aus- oder einblenden</translation>
    </message>
    <message>
        <source>1, 2, 3</source>
        <translation>1, 2, 3</translation>
    </message>
    <message>
        <source>bone, soft tissue, lung</source>
        <translation>Knochen, Weichteile, Lunge</translation>
    </message>
    <message>
        <source>I</source>
        <translation>I</translation>
    </message>
    <message>
        <source>dark bone on bright air, and back</source>
        <translation>Knochen dunkel auf hell, und zurück</translation>
    </message>
    <message>
        <source>O, Shift+O</source>
        <translation>O, Umschalt+O</translation>
    </message>
    <message>
        <source>show or hide the spine; outline or filled</source>
        <translation>Wirbelsäule zeigen oder verbergen; Umriss oder gefüllt</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>whole slices in all views</source>
        <translation>ganze Schichten in allen Ansichten</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>next view or button</source>
        <translation>nächste Ansicht oder Schaltfläche</translation>
    </message>
    <message>
        <source>F11</source>
        <translation>F11</translation>
    </message>
    <message>
        <source>full screen, and back</source>
        <translation>Vollbild, und zurück</translation>
    </message>
    <message>
        <source>Ctrl+O, Ctrl+R, Ctrl+E</source>
        <translation>Strg+O, Strg+R, Strg+E</translation>
    </message>
    <message>
        <source>open a folder, find the spine, export</source>
        <translation>Ordner öffnen, Wirbelsäule finden, exportieren</translation>
    </message>
    <message>
        <source>Ctrl+M</source>
        <translation>Strg+M</translation>
    </message>
    <message>
        <source>open a mask of this CT</source>
        <translation>eine Maske dieses CTs öffnen</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>cancel the current task</source>
        <translation>den laufenden Vorgang abbrechen</translation>
    </message>
</context>
<context>
    <name>LookPanel</name>
    <message>
        <source>Show the &amp;spine</source>
        <translation>&amp;Wirbelsäule zeigen</translation>
    </message>
    <message>
        <source>O</source>
        <translation>O</translation>
    </message>
    <message>
        <source>&amp;Outline only</source>
        <translation>Nur &amp;Umriss</translation>
    </message>
    <message>
        <source>Opacity of the spine in percent</source>
        <translation>Deckkraft der Wirbelsäule in Prozent</translation>
    </message>
    <message>
        <source>O&amp;pacity</source>
        <translation>&amp;Deckkraft</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>Weichteile</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>Lunge</translation>
    </message>
    <message>
        <source>Key {0}</source>
        <translation>Taste {0}</translation>
    </message>
    <message>
        <source>Grey window for {0}</source>
        <translation>Grauwertfenster für {0}</translation>
    </message>
    <message>
        <source>Centre of the grey window in HU</source>
        <translation>Mitte des Grauwertfensters in HU</translation>
    </message>
    <message>
        <source>Width of the grey window in HU</source>
        <translation>Breite des Grauwertfensters in HU</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>&amp;Invers</translation>
    </message>
    <message>
        <source>Dark bone on bright air (I)</source>
        <translation>Knochen dunkel auf hellem Grund (I)</translation>
    </message>
    <message>
        <source>&amp;Centre</source>
        <translation>&amp;Mitte</translation>
    </message>
    <message>
        <source>&amp;Width</source>
        <translation>&amp;Breite</translation>
    </message>
    <message>
        <source>Single slices</source>
        <translation>Einzelne Schichten</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Maximum</translation>
    </message>
    <message>
        <source>What a thick slice shows</source>
        <translation>Was eine dicke Schicht zeigt</translation>
    </message>
    <message>
        <source>Several slices seen as one</source>
        <translation>Mehrere Schichten als eine</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Thickness of a thick slice</source>
        <translation>Dicke einer dicken Schicht</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Strg+E</translation>
    </message>
    <message>
        <source>For research use, not for diagnosis</source>
        <translation>Für die Forschung, nicht zur Diagnose</translation>
    </message>
    <message>
        <source>Find the spine again? Your corrections will be lost.</source>
        <translation>Die Wirbelsäule neu finden? Ihre Korrekturen gehen verloren.</translation>
    </message>
    <message>
        <source>&amp;Find it again</source>
        <translation>&amp;Neu finden</translation>
    </message>
</context>
<context>
    <name>MaskOpener</name>
    <message>
        <source>Open a CT first, then its mask.</source>
        <translation>Öffnen Sie erst ein CT, dann seine Maske.</translation>
    </message>
    <message>
        <source>Open a mask of this CT</source>
        <translation>Maske dieses CTs öffnen</translation>
    </message>
    <message>
        <source>Find the spine or open a mask first, then the one to compare.</source>
        <translation>Suchen Sie erst die Wirbelsäule oder öffnen Sie eine Maske, dann die zum Vergleich.</translation>
    </message>
    <message>
        <source>Compare with another mask of this CT</source>
        <translation>Mit einer anderen Maske dieses CTs vergleichen</translation>
    </message>
    <message>
        <source>The corrections have been restored. Export them.</source>
        <translation>Die Korrekturen sind wiederhergestellt. Exportieren Sie sie.</translation>
    </message>
    <message>
        <source>The corrections have been restored, but not the vertebrae, whose file cannot be read. Find them again, then export everything.</source>
        <translation>Die Korrekturen sind wiederhergestellt, nicht aber die Wirbel: Ihre Datei ist nicht lesbar. Lassen Sie die Wirbel noch einmal suchen und exportieren Sie dann alles.</translation>
    </message>
    <message>
        <source>The corrections were not restored, because a run began meanwhile. They are offered again at the next start.</source>
        <translation>Die Korrekturen wurden nicht wiederhergestellt, weil inzwischen ein Lauf begann. Sie werden beim nächsten Start wieder angeboten.</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>The mask was not opened, because a run began meanwhile. Open it again after the run.</source>
        <translation>Die Maske wurde nicht geöffnet, weil inzwischen ein Lauf begann. Öffnen Sie sie nach dem Lauf noch einmal.</translation>
    </message>
    <message>
        <source>This CT already has a mask. What should be done with the other one?</source>
        <translation>Dieses CT hat schon eine Maske. Was soll mit der anderen geschehen?</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>&amp;Open instead</source>
        <translation>&amp;Stattdessen öffnen</translation>
    </message>
    <message>
        <source>&amp;Nothing</source>
        <translation>&amp;Nichts</translation>
    </message>
    <message>
        <source>Open this mask instead? Your corrections will be lost.</source>
        <translation>Stattdessen diese Maske öffnen? Ihre Korrekturen gehen verloren.</translation>
    </message>
</context>
<context>
    <name>MeasurementPanel</name>
    <message>
        <source>Undo measuring</source>
        <translation>Messen rückgängig</translation>
    </message>
    <message>
        <source>Redo measuring</source>
        <translation>Messen wiederholen</translation>
    </message>
    <message>
        <source>Delete measurement</source>
        <translation>Messung löschen</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>the measurements</source>
        <translation>die Messungen</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Strecke</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>HU circle</source>
        <translation>HU im Kreis</translation>
    </message>
    <message>
        <source>Drag from end to end, or click both</source>
        <translation>Von Ende zu Ende ziehen, oder beide anklicken</translation>
    </message>
    <message>
        <source>Click one side, the vertex, the other side</source>
        <translation>Einen Schenkel, den Scheitel, den anderen Schenkel anklicken</translation>
    </message>
    <message>
        <source>Drag one line along an end plate, then another</source>
        <translation>Eine Linie entlang einer Deck- oder Grundplatte ziehen, dann die zweite</translation>
    </message>
    <message>
        <source>Drag from the middle outwards: mean and standard deviation in the slice itself, under a thick one too</source>
        <translation>Von der Mitte nach außen ziehen: Mittelwert und Standardabweichung in der Schicht selbst, auch unter einer dicken</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>NamingDialog</name>
    <message>
        <source>Name the vertebra</source>
        <translation>Wirbel benennen</translation>
    </message>
    <message>
        <source>&amp;This is</source>
        <translation>&amp;Das ist</translation>
    </message>
    <message>
        <source>From head to feet the vertebrae are then {0} to {1}.</source>
        <translation>Von Kopf bis Fuß heißen die Wirbel dann {0} bis {1}.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
</context>
<context>
    <name>Opener</name>
    <message>
        <source>Added to the queue.</source>
        <translation>Zur Warteschlange hinzugefügt.</translation>
    </message>
    <message>
        <source>A task is still running. Cancel it and open this instead?</source>
        <translation>Es läuft noch ein Vorgang. Abbrechen und stattdessen dies öffnen?</translation>
    </message>
    <message>
        <source>Cancel the &amp;task</source>
        <translation>&amp;Vorgang abbrechen</translation>
    </message>
    <message>
        <source>Open a folder with a CT</source>
        <translation>Ordner mit einem CT öffnen</translation>
    </message>
    <message>
        <source>CT images and archives</source>
        <translation>CT-Bilder und Archive</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Open a CT file</source>
        <translation>CT-Datei öffnen</translation>
    </message>
    <message>
        <source>The spine of {0} has not been exported.</source>
        <translation>Die Wirbelsäule von {0} wurde nicht exportiert.</translation>
    </message>
    <message>
        <source>The corrected spine of {0} has not been exported.</source>
        <translation>Die korrigierte Wirbelsäule von {0} wurde nicht exportiert.</translation>
    </message>
    <message>
        <source>Continue &amp;without exporting</source>
        <translation>&amp;Ohne Export fortfahren</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren…</translation>
    </message>
    <message>
        <source>&amp;Stay</source>
        <translation>&amp;Hier bleiben</translation>
    </message>
    <message>
        <source>Show them…</source>
        <translation>Anzeigen…</translation>
    </message>
</context>
<context>
    <name>PatientController</name>
    <message>
        <source>Show &amp;patient data</source>
        <translation>&amp;Patientendaten anzeigen</translation>
    </message>
    <message>
        <source>this CT</source>
        <translation>diesem CT</translation>
    </message>
    <message>
        <source>SpineContext Desktop</source>
        <translation>SpineContext Desktop</translation>
    </message>
    <message>
        <source>Patient data is hidden</source>
        <translation>Patientendaten ausgeblendet</translation>
    </message>
</context>
<context>
    <name>PointerLabel</name>
    <message>
        <source>Wheel: scroll · Right drag: brightness · Ctrl+wheel: zoom · F1: help</source>
        <translation>Rad: blättern · rechts ziehen: Helligkeit · Strg+Rad: Zoom · F1: Hilfe</translation>
    </message>
    <message>
        <source>{0} in the middle slice</source>
        <translation>{0} in der mittleren Schicht</translation>
    </message>
</context>
<context>
    <name>PresetButton</name>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>Further grey windows</source>
        <translation>Weitere Grauwertfenster</translation>
    </message>
    <message>
        <source>{0} ({1:.0f}, {2:.0f})</source>
        <translation>{0} ({1:.0f}, {2:.0f})</translation>
    </message>
    <message>
        <source>&amp;Keep these values…</source>
        <translation>Diese Werte &amp;merken…</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>&amp;Vergessen</translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation>Abdomen</translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation>Mediastinum</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>Gehirn</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Keep a grey window</source>
        <translation>Grauwertfenster merken</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
</context>
<context>
    <name>QueueController</name>
    <message>
        <source>Choose the folder for the results</source>
        <translation>Ordner für die Ergebnisse wählen</translation>
    </message>
    <message>
        <source>The queue has not started</source>
        <translation>Die Warteschlange wurde nicht gestartet</translation>
    </message>
    <message>
        <source>Something else began just before it. Start it again once that is done.</source>
        <translation>Kurz davor hat etwas anderes begonnen. Starten Sie sie erneut, sobald es fertig ist.</translation>
    </message>
    <message>
        <source>These files already exist:
{0}
What is finished and unchanged stays; the rest is replaced.</source>
        <translation>Diese Dateien gibt es schon:
{0}
Was fertig und unverändert ist, bleibt; alles andere wird ersetzt.</translation>
    </message>
    <message>
        <source>C&amp;ontinue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Stop the queue? Finished cases are kept; the current case will have to start over.</source>
        <translation>Warteschlange anhalten? Fertiges bleibt; der laufende Fall muss neu beginnen.</translation>
    </message>
    <message>
        <source>Stop the &amp;queue</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>The results of {0} contain no mask that can be shown. Open its CT and find the spine again, or let the queue write NIfTI.</source>
        <translation>Die Ergebnisse von {0} enthalten keine Maske, die sich anzeigen lässt. Öffnen Sie das CT und suchen Sie die Wirbelsäule erneut, oder lassen Sie die Warteschlange NIfTI schreiben.</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner anzeigen</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Queued cases</source>
        <translation>Fälle in der Warteschlange</translation>
    </message>
    <message>
        <source>Find the spine in all cases…</source>
        <translation>Alle Wirbelsäulen finden…</translation>
    </message>
    <message>
        <source>Stop…</source>
        <translation>Anhalten…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the queue; its results stay</source>
        <translation>Die Warteschlange schließen; die Ergebnisse bleiben</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner anzeigen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the selected case from the list; its files stay (Del)</source>
        <translation>Den gewählten Fall aus der Liste nehmen; seine Dateien bleiben (Entf)</translation>
    </message>
    <message>
        <source>Double-click a case to view it, or why it failed.</source>
        <translation>Ein Doppelklick zeigt einen Fall, oder warum er fehlschlug.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Queue more cases; you can also drop them on the window</source>
        <translation>Weitere Fälle einreihen; Sie können sie auch auf das Fenster ziehen</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>Einen Ordner…</translation>
    </message>
    <message>
        <source>Files…</source>
        <translation>Dateien…</translation>
    </message>
    <message>
        <source>{0} of {1} cases done</source>
        <translation>{0} von {1} Fällen erledigt</translation>
    </message>
    <message>
        <source>, {0} failed</source>
        <translation>, {0} fehlgeschlagen</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>wird gelesen</translation>
    </message>
    <message>
        <source>finding the spine</source>
        <translation>Wirbelsäule wird gesucht</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>wird geschrieben</translation>
    </message>
    <message>
        <source>done, {0} mL</source>
        <translation>fertig, {0} ml</translation>
    </message>
    <message>
        <source>done, but no spine was found</source>
        <translation>fertig, aber keine Wirbelsäule gefunden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Clear list</source>
        <translation>&amp;Liste leeren</translation>
    </message>
</context>
<context>
    <name>RecoveryController</name>
    <message>
        <source>The program ended before the corrections of {0} were exported ({1}). Open them again?</source>
        <translation>Das Programm wurde beendet, bevor die Korrekturen an {0} exportiert waren ({1}). Wieder öffnen?</translation>
    </message>
    <message>
        <source>&amp;Open again</source>
        <translation>&amp;Wieder öffnen</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>Ask &amp;later</source>
        <translation>&amp;Später fragen</translation>
    </message>
</context>
<context>
    <name>Reopening</name>
    <message>
        <source>The vertebrae in {0} are missing or no longer match the mask. Find them again.</source>
        <translation>Die Wirbel in {0} fehlen oder passen nicht mehr zur Maske. Lassen Sie sie noch einmal suchen.</translation>
    </message>
</context>
<context>
    <name>ResultPanel</name>
    <message>
        <source>Unsure: the spine was hard to locate. Check all slices.</source>
        <translation>Unsicher: Die Wirbelsäule war schwer zu lokalisieren. Bitte alle Schichten prüfen.</translation>
    </message>
    <message>
        <source>none: the whole CT was searched</source>
        <translation>keine: das ganze CT wurde durchsucht</translation>
    </message>
    <message>
        <source>Left to right × front to back × head to foot</source>
        <translation>Links-rechts × vorn-hinten × Kopf-Fuß</translation>
    </message>
    <message>
        <source>Along the middle of the vertebral bodies, from the first to the last one</source>
        <translation>Entlang der Mitte der Wirbelkörper, vom ersten bis zum letzten</translation>
    </message>
    <message>
        <source>Mean and standard deviation of all voxels of the spine</source>
        <translation>Mittelwert und Standardabweichung aller Voxel der Wirbelsäule</translation>
    </message>
    <message>
        <source>How confident the program is that it searched in the right place. It does not tell how accurate the outline is.</source>
        <translation>Wie sicher das Programm ist, an der richtigen Stelle gesucht zu haben. Über die Genauigkeit des Umrisses sagt das nichts.</translation>
    </message>
    <message>
        <source>the figures of the spine</source>
        <translation>die Werte der Wirbelsäule</translation>
    </message>
    <message>
        <source>The mask was restored with its corrections.</source>
        <translation>Die Maske wurde mit ihren Korrekturen wiederhergestellt.</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>{0} mL</source>
        <translation>{0} ml</translation>
    </message>
    <message>
        <source>not measurable</source>
        <translation>nicht messbar</translation>
    </message>
    <message>
        <source>{0} mm</source>
        <translation>{0} mm</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>No spine was found in this CT.</source>
        <translation>In diesem CT wurde keine Wirbelsäule gefunden.</translation>
    </message>
    <message>
        <source>There is no spine in this mask.</source>
        <translation>Diese Maske enthält keine Wirbelsäule.</translation>
    </message>
    <message>
        <source>The mask was opened from a file.</source>
        <translation>Die Maske wurde aus einer Datei geöffnet.</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>Ausdehnung</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
</context>
<context>
    <name>RunPanel</name>
    <message>
        <source>Find the spine</source>
        <translation>Wirbelsäule finden</translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation>Strg+R</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Wird gestartet…</translation>
    </message>
    <message>
        <source>Find the spine again</source>
        <translation>Wirbelsäule neu finden</translation>
    </message>
    <message>
        <source>{0}, {1} left</source>
        <translation>{0}, noch {1}</translation>
    </message>
    <message>
        <source>Memory: {0}</source>
        <translation>Speicher: {0}</translation>
    </message>
    <message>
        <source>{0} of at most {1}</source>
        <translation>{0} von höchstens {1}</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>Wird abgebrochen…</translation>
    </message>
</context>
<context>
    <name>SeriesDialog</name>
    <message>
        <source>Choose a series</source>
        <translation>Serie auswählen</translation>
    </message>
    <message>
        <source>Series in this input</source>
        <translation>Serien in dieser Eingabe</translation>
    </message>
    <message>
        <source>Several series can be opened. Which one?</source>
        <translation>Mehrere Serien können geöffnet werden. Welche?</translation>
    </message>
    <message>
        <source>Only one of these series can be used. It has been opened.</source>
        <translation>Nur eine dieser Serien ist verwendbar. Sie wurde geöffnet.</translation>
    </message>
    <message>
        <source>{0} × {1} pixels, {2} slices</source>
        <translation>{0} × {1} Pixel, {2} Schichten</translation>
    </message>
    <message>
        <source>Cannot be used: {0}.</source>
        <translation>Nicht verwendbar: {0}.</translation>
    </message>
    <message>
        <source>Recommended: it covers most of the body, {0:.0f} mm.</source>
        <translation>Empfohlen: Sie zeigt am meisten vom Körper, {0:.0f} mm.</translation>
    </message>
    <message>
        <source>Covers {0:.0f} mm.</source>
        <translation>Zeigt {0:.0f} mm.</translation>
    </message>
</context>
<context>
    <name>SettingsController</name>
    <message>
        <source>The settings could not be saved ({0}).</source>
        <translation>Die Einstellungen konnten nicht gespeichert werden ({0}).</translation>
    </message>
    <message>
        <source>The settings have not been saved yet: their drive does not answer. They hold until the program ends.</source>
        <translation>Die Einstellungen sind noch nicht gespeichert, weil ihr Laufwerk nicht antwortet. Sie gelten, bis das Programm endet.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Search mode</source>
        <translation>&amp;Suchmodus</translation>
    </message>
    <message>
        <source>Memory &amp;limit</source>
        <translation>Speicher&amp;grenze</translation>
    </message>
    <message>
        <source>&amp;Processor threads</source>
        <translation>&amp;Prozessor-Threads</translation>
    </message>
    <message>
        <source>&amp;Export folder</source>
        <translation>&amp;Exportordner</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Along the spine (fast)</source>
        <translation>Entlang der Wirbelsäule (schnell)</translation>
    </message>
    <message>
        <source>Everywhere (the published method, slow)</source>
        <translation>Überall (das veröffentlichte Verfahren, langsam)</translation>
    </message>
    <message>
        <source> GiB</source>
        <translation> GiB</translation>
    </message>
    <message>
        <source>One per core</source>
        <translation>Einer je Kern</translation>
    </message>
    <message>
        <source>Beside the CT</source>
        <translation>Neben dem CT</translation>
    </message>
    <message>
        <source>As on the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Fixed by your administrator</source>
        <translation>Von der Administration festgelegt</translation>
    </message>
    <message>
        <source>A new language takes effect when the program is restarted.</source>
        <translation>Eine neue Sprache gilt nach dem nächsten Start des Programms.</translation>
    </message>
    <message>
        <source>Settings shown in grey are fixed by your administrator or by a start option.</source>
        <translation>Grau dargestellte Einstellungen sind von der Administration oder durch eine Startoption festgelegt.</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Modell auswählen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Choose the folder for exports</source>
        <translation>Ordner für Exporte wählen</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>{0} × {1} × {2} voxels</source>
        <translation>{0} × {1} × {2} Voxel</translation>
    </message>
</context>
<context>
    <name>SingleFiles</name>
    <message>
        <source>Save as CSV</source>
        <translation>Als CSV speichern</translation>
    </message>
    <message>
        <source>Save as PNG</source>
        <translation>Als PNG speichern</translation>
    </message>
</context>
<context>
    <name>SliceCanvas</name>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronar</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Maximum</translation>
    </message>
    <message>
        <source>{0}, {1} mm</source>
        <translation>{0}, {1} mm</translation>
    </message>
</context>
<context>
    <name>SlicePane</name>
    <message>
        <source>Slice: {0}</source>
        <translation>Schicht: {0}</translation>
    </message>
    <message>
        <source>Play through the slices (P)</source>
        <translation>Schichten abspielen (P)</translation>
    </message>
    <message>
        <source>Play: {0}</source>
        <translation>Abspielen: {0}</translation>
    </message>
</context>
<context>
    <name>SliceView</name>
    <message>
        <source>Up and Down scroll, Shift and arrows move the crosshair, plus and minus zoom, 0 shows the whole slice, P plays through the slices, Return enlarges or restores the view. F1 lists all keys.</source>
        <translation>Auf und Ab blättern, Umschalt und Pfeile bewegen das Fadenkreuz, Plus und Minus zoomen, 0 zeigt die ganze Schicht, P spielt die Schichten ab, Eingabe vergrößert die Ansicht oder stellt sie wieder her. F1 nennt alle Tasten.</translation>
    </message>
</context>
<context>
    <name>StraightView</name>
    <message>
        <source>Straightened view of the spine</source>
        <translation>Begradigte Ansicht der Wirbelsäule</translation>
    </message>
    <message>
        <source>The arrow keys move the crosshair along and across the spine, Return enlarges or restores the view.</source>
        <translation>Die Pfeiltasten bewegen das Fadenkreuz entlang der Wirbelsäule und quer zu ihr, Eingabe vergrößert die Ansicht oder stellt sie zurück.</translation>
    </message>
    <message>
        <source>The straightened spine appears here once the vertebrae are found.</source>
        <translation>Hier erscheint die begradigte Wirbelsäule, sobald die Wirbel gefunden sind.</translation>
    </message>
</context>
<context>
    <name>SurfaceCanvas</name>
    <message>
        <source>3D view of the spine</source>
        <translation>3D-Ansicht der Wirbelsäule</translation>
    </message>
    <message>
        <source>The arrow keys rotate the spine, plus and minus zoom, 0 shows the whole spine from the front, Space moves the crosshair to what is in the middle, Return enlarges or restores the view.</source>
        <translation>Die Pfeiltasten drehen die Wirbelsäule, Plus und Minus zoomen, 0 zeigt die ganze Wirbelsäule von vorn, die Leertaste bewegt das Fadenkreuz dorthin, was in der Mitte ist, die Eingabetaste vergrößert die Ansicht oder stellt sie wieder her.</translation>
    </message>
</context>
<context>
    <name>SurfaceView</name>
    <message>
        <source>Cut away</source>
        <translation>Wegschneiden</translation>
    </message>
    <message>
        <source>Cut away from where you look now; turn the spine to look into it</source>
        <translation>Von dort wegschneiden, woher Sie jetzt schauen; drehen Sie die Wirbelsäule, um hineinzusehen</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>Vorn</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Hinten</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Show the whole spine from this side</source>
        <translation>Die ganze Wirbelsäule von dieser Seite zeigen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>More about the 3D view</source>
        <translation>Mehr zur 3D-Ansicht</translation>
    </message>
    <message>
        <source>From above</source>
        <translation>Von oben</translation>
    </message>
    <message>
        <source>From below</source>
        <translation>Von unten</translation>
    </message>
    <message>
        <source>Nothing cut away</source>
        <translation>Nichts weggeschnitten</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>Bild speichern…</translation>
    </message>
</context>
<context>
    <name>TableButtons</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>As a table to paste into a spreadsheet</source>
        <translation>Als Tabelle, die sich in eine Tabellenkalkulation einfügen lässt</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern…</translation>
    </message>
    <message>
        <source>As a table with a decimal point and the units in its header</source>
        <translation>Als Tabelle mit Dezimalpunkt und den Einheiten in der Kopfzeile</translation>
    </message>
</context>
<context>
    <name>VertebraController</name>
    <message>
        <source>There is no vertebra at the crosshair.</source>
        <translation>Am Fadenkreuz ist kein Wirbel.</translation>
    </message>
</context>
<context>
    <name>VertebraPanel</name>
    <message>
        <source>Find the vertebrae</source>
        <translation>Wirbel finden</translation>
    </message>
    <message>
        <source>Name the vertebra…</source>
        <translation>Wirbel benennen…</translation>
    </message>
    <message>
        <source>Confirm the names</source>
        <translation>Namen bestätigen</translation>
    </message>
    <message>
        <source>Merge with the one above</source>
        <translation>Mit dem oberen verbinden</translation>
    </message>
    <message>
        <source>Merge with the one below</source>
        <translation>Mit dem unteren verbinden</translation>
    </message>
    <message>
        <source>Split at the crosshair</source>
        <translation>Am Fadenkreuz teilen</translation>
    </message>
    <message>
        <source>Give this piece to the one above</source>
        <translation>Dieses Stück dem oberen geben</translation>
    </message>
    <message>
        <source>Give this piece to the one below</source>
        <translation>Dieses Stück dem unteren geben</translation>
    </message>
    <message>
        <source>Show only this one</source>
        <translation>Nur diesen zeigen</translation>
    </message>
    <message>
        <source>Show all vertebrae</source>
        <translation>Alle Wirbel zeigen</translation>
    </message>
    <message>
        <source>Straightened view</source>
        <translation>Begradigte Ansicht</translation>
    </message>
    <message>
        <source>Undo change of vertebrae</source>
        <translation>Änderung der Wirbel rückgängig machen</translation>
    </message>
    <message>
        <source>Redo change of vertebrae</source>
        <translation>Änderung der Wirbel wiederholen</translation>
    </message>
    <message>
        <source>Vertebra</source>
        <translation>Wirbel</translation>
    </message>
    <message>
        <source>mL</source>
        <translation>ml</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>How sure the borders to its neighbours are; under 30 % they are guesses</source>
        <translation>Wie sicher die Grenzen zu den Nachbarn sind; unter 30 % sind sie geraten</translation>
    </message>
    <message>
        <source>Vertebrae</source>
        <translation>Wirbel</translation>
    </message>
    <message>
        <source>Name…</source>
        <translation>Name…</translation>
    </message>
    <message>
        <source>Say which one the vertebra at the crosshair is (N)</source>
        <translation>Sagen, welcher Wirbel am Fadenkreuz ist (N)</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Bestätigen</translation>
    </message>
    <message>
        <source>Take the proposed names</source>
        <translation>Die vorgeschlagenen Namen übernehmen</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>What is done with the vertebra at the crosshair</source>
        <translation>Was mit dem Wirbel am Fadenkreuz geschieht</translation>
    </message>
    <message>
        <source>The straightened spine in place of the 3D view (T)</source>
        <translation>Die begradigte Wirbelsäule anstelle der 3D-Ansicht (T)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Find the vertebrae again</source>
        <translation>Wirbel neu finden</translation>
    </message>
    <message>
        <source>Key {0}</source>
        <translation>Taste {0}</translation>
    </message>
</context>
<context>
    <name>VertebraTools</name>
    <message>
        <source>Find the vertebrae again? Your names and changes will be lost.</source>
        <translation>Die Wirbel neu finden? Ihre Namen und Änderungen gehen verloren.</translation>
    </message>
    <message>
        <source>&amp;Find them again</source>
        <translation>&amp;Neu finden</translation>
    </message>
    <message>
        <source>Put the crosshair on a vertebra, or choose one in the list.</source>
        <translation>Setzen Sie das Fadenkreuz auf einen Wirbel oder wählen Sie einen in der Liste.</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Recently opened</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Drop a CT here</source>
        <translation>Ein CT hierher ziehen</translation>
    </message>
    <message>
        <source>A DICOM folder, a zip archive, or a NIfTI, NRRD or MHA file. Drop several to queue them.</source>
        <translation>Ein DICOM-Ordner, ein Zip-Archiv oder eine NIfTI-, NRRD- oder MHA-Datei. Mehrere werden nacheinander bearbeitet.</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open f&amp;ile…</source>
        <translation>&amp;Datei öffnen…</translation>
    </message>
    <message>
        <source>Try the &amp;demo case</source>
        <translation>De&amp;mofall ausprobieren</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>{0} öffnen</translation>
    </message>
    <message>
        <source>Clear list</source>
        <translation>Liste leeren</translation>
    </message>
</context>
<context>
    <name>dialogs</name>
    <message>
        <source>&amp;Stay</source>
        <translation>&amp;Hier bleiben</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>These files already exist:
{0}
Replace them?</source>
        <translation>Diese Dateien gibt es schon:
{0}
Ersetzen?</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>&amp;Ersetzen</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
    <message>
        <source>The folder cannot be reached. Check that its drive is connected.</source>
        <translation>Der Ordner ist nicht erreichbar. Prüfen Sie, ob sein Laufwerk verbunden ist.</translation>
    </message>
    <message>
        <source>The name of this folder cannot be used here. Rename it or choose another.</source>
        <translation>Der Name dieses Ordners kann hier nicht verwendet werden. Bitte umbenennen oder einen anderen Ordner wählen.</translation>
    </message>
</context>
<context>
    <name>failures</name>
    <message>
        <source>This cannot be opened. Choose another folder or file, or copy it again.</source>
        <translation>Das kann nicht geöffnet werden. Wählen Sie einen anderen Ordner oder eine andere Datei, oder kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This mask cannot be used with the open CT. Choose another file.</source>
        <translation>Diese Maske passt nicht zum geöffneten CT. Wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>This contains CTs of several patients. Open it on its own and choose the series.</source>
        <translation>Hier liegen CTs mehrerer Patienten. Öffnen Sie es einzeln und wählen Sie die Serie.</translation>
    </message>
    <message>
        <source>This folder contains several CTs. Open it on its own to queue them.</source>
        <translation>In diesem Ordner liegen mehrere CTs. Öffnen Sie ihn einzeln, um sie einzureihen.</translation>
    </message>
    <message>
        <source>There is no usable CT here. Choose another folder or file.</source>
        <translation>Hier ist kein brauchbares CT. Wählen Sie einen anderen Ordner oder eine andere Datei.</translation>
    </message>
    <message>
        <source>Temporary files cannot be written. Free some room and try again.</source>
        <translation>Temporäre Dateien können nicht geschrieben werden. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The memory limit is too low for this. Your administrator or a start option has fixed it: ask for a higher one.</source>
        <translation>Die Speichergrenze reicht dafür nicht. Die Administration oder eine Startoption hat sie festgelegt: Bitten Sie um eine höhere.</translation>
    </message>
    <message>
        <source>The memory limit is too low for this. Raise it in the settings and try again.</source>
        <translation>Die Speichergrenze reicht dafür nicht. Erhöhen Sie sie in den Einstellungen und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The model cannot be used. Your administrator or a start option has fixed it: ask for another one.</source>
        <translation>Das Modell ist nicht verwendbar. Die Administration oder eine Startoption hat es festgelegt: Bitten Sie um ein anderes.</translation>
    </message>
    <message>
        <source>The model cannot be used. Choose another one in the settings.</source>
        <translation>Das Modell ist nicht verwendbar. Wählen Sie in den Einstellungen ein anderes.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose another folder or format.</source>
        <translation>Es wurde nichts geschrieben. Wählen Sie einen anderen Ordner oder ein anderes Format.</translation>
    </message>
</context>
<context>
    <name>identity</name>
    <message>
        <source>Series {0}</source>
        <translation>Serie {0}</translation>
    </message>
    <message>
        <source>Study of {0}</source>
        <translation>Untersuchung vom {0}</translation>
    </message>
    <message>
        <source>born {0}</source>
        <translation>geboren {0}</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>The system refused to read or write a file ({0}). Check that the disk is not full and that you may use it.</source>
        <translation>Das System hat das Lesen oder Schreiben einer Datei verweigert ({0}). Prüfen Sie, ob der Datenträger Platz hat und Sie ihn benutzen dürfen.</translation>
    </message>
</context>
<context>
    <name>measurements</name>
    <message>
        <source>Distance</source>
        <translation>Strecke</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>HU in a circle</source>
        <translation>HU im Kreis</translation>
    </message>
    <message>
        <source>axial</source>
        <translation>axial</translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation>sagittal</translation>
    </message>
    <message>
        <source>coronal</source>
        <translation>koronar</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Distance (mm)</source>
        <translation>Strecke (mm)</translation>
    </message>
    <message>
        <source>Angle (°)</source>
        <translation>Winkel (°)</translation>
    </message>
    <message>
        <source>Area (mm²)</source>
        <translation>Fläche (mm²)</translation>
    </message>
    <message>
        <source>Mean (HU)</source>
        <translation>Mittelwert (HU)</translation>
    </message>
    <message>
        <source>Standard deviation (HU)</source>
        <translation>Standardabweichung (HU)</translation>
    </message>
</context>
<context>
    <name>menus</name>
    <message>
        <source>&amp;Case</source>
        <translation>&amp;Fall</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open f&amp;ile…</source>
        <translation>&amp;Datei öffnen…</translation>
    </message>
    <message>
        <source>Try the &amp;demo case</source>
        <translation>De&amp;mofall ausprobieren</translation>
    </message>
    <message>
        <source>Open &amp;mask…</source>
        <translation>Mas&amp;ke öffnen…</translation>
    </message>
    <message>
        <source>C&amp;ompare with a mask…</source>
        <translation>Mit einer Maske &amp;vergleichen…</translation>
    </message>
    <message>
        <source>Close com&amp;parison</source>
        <translation>Ver&amp;gleich schließen</translation>
    </message>
    <message>
        <source>Find the &amp;spine</source>
        <translation>&amp;Wirbelsäule finden</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>C&amp;lose case</source>
        <translation>Fall &amp;schließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Bone window</source>
        <translation>&amp;Knochenfenster</translation>
    </message>
    <message>
        <source>&amp;Soft tissue window</source>
        <translation>&amp;Weichteilfenster</translation>
    </message>
    <message>
        <source>&amp;Lung window</source>
        <translation>&amp;Lungenfenster</translation>
    </message>
    <message>
        <source>&amp;Invert black and white</source>
        <translation>Schwarz und Weiß &amp;tauschen</translation>
    </message>
    <message>
        <source>Show or &amp;hide the spine</source>
        <translation>Wirbelsäule &amp;zeigen oder verbergen</translation>
    </message>
    <message>
        <source>&amp;Outline or filled</source>
        <translation>&amp;Umriss oder gefüllt</translation>
    </message>
    <message>
        <source>Show &amp;whole slices</source>
        <translation>&amp;Ganze Schichten zeigen</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>Co&amp;rrect</source>
        <translation>&amp;Korrigieren</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>Ver&amp;tebrae</source>
        <translation>&amp;Wirbel</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Guide and keys</source>
        <translation>&amp;Anleitung und Tasten</translation>
    </message>
    <message>
        <source>&amp;About SpineContext Desktop</source>
        <translation>Ü&amp;ber SpineContext Desktop</translation>
    </message>
</context>
<context>
    <name>picture</name>
    <message>
        <source>SpineContext Desktop: for research use, not for diagnosis</source>
        <translation>SpineContext Desktop: für die Forschung, nicht zur Diagnose</translation>
    </message>
</context>
<context>
    <name>reopening</name>
    <message>
        <source>The mask in {0} is missing or no longer matches the CT. Find the spine again.</source>
        <translation>Die Maske in {0} fehlt oder passt nicht mehr zum CT. Lassen Sie die Wirbelsäule neu finden.</translation>
    </message>
</context>
<context>
    <name>report_pdf</name>
    <message>
        <source>Spine segmentation of a CT</source>
        <translation>Segmentierung der Wirbelsäule im CT</translation>
    </message>
    <message>
        <source>Limits: the outline was made by a neural network. It can miss vertebrae or parts of them, and include ribs, metal or other bone. It is meant to contain vertebrae with their processes, without discs, spinal canal, ribs and sacrum.</source>
        <translation>Grenzen: Der Umriss stammt von einem neuronalen Netz. Wirbel oder Teile davon können fehlen; Rippen, Metall oder andere Knochen können mit markiert sein. Gemeint sind Wirbel mit ihren Fortsätzen, ohne Bandscheiben, Spinalkanal, Rippen und Kreuzbein.</translation>
    </message>
    <message>
        <source>Limits: the outline was opened from a file. What it is meant to contain, and how well it does, is not known here.</source>
        <translation>Grenzen: Der Umriss wurde aus einer Datei geöffnet. Was er enthalten soll und wie gut er es trifft, ist hier nicht bekannt.</translation>
    </message>
    <message>
        <source>All figures are those of the outline and end where the scan ends. HU change with contrast medium, tube voltage and noise.</source>
        <translation>Alle Werte sind die des Umrisses und enden, wo die Aufnahme endet. Kontrastmittel, Röhrenspannung und Rauschen verändern die HU.</translation>
    </message>
    <message>
        <source>{0} mm</source>
        <translation>{0} mm</translation>
    </message>
    <message>
        <source>Localisation confidence</source>
        <translation>Konfidenz der Lokalisation</translation>
    </message>
    <message>
        <source>none: the whole CT was searched</source>
        <translation>keine: das ganze CT wurde durchsucht</translation>
    </message>
    <message>
        <source>{0} mL</source>
        <translation>{0} ml</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>Manual corrections</source>
        <translation>Manuelle Korrekturen</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>CT</source>
        <translation>CT</translation>
    </message>
    <message>
        <source>Limits: the outline was corrected by hand and restored after the program had ended. How it was made before, and how well it fits, is not known here.</source>
        <translation>Grenzen: Der Umriss wurde von Hand korrigiert und nach dem Ende des Programms wiederhergestellt. Wie er vorher entstanden ist und wie gut er passt, ist hier nicht bekannt.</translation>
    </message>
    <message>
        <source>Spine</source>
        <translation>Wirbelsäule</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>{0} voxels of {1} mm</source>
        <translation>{0} Voxel zu {1} mm</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Length along the vertebral bodies</source>
        <translation>Länge entlang der Wirbelkörper</translation>
    </message>
    <message>
        <source>not measurable</source>
        <translation>nicht messbar</translation>
    </message>
    <message>
        <source>Extent (left–right × front–back × head–foot)</source>
        <translation>Ausdehnung (links–rechts × vorn–hinten × Kopf–Fuß)</translation>
    </message>
    <message>
        <source>Density (mean ± standard deviation)</source>
        <translation>Dichte (Mittelwert ± Standardabweichung)</translation>
    </message>
    <message>
        <source>restored with its corrections</source>
        <translation>mit ihren Korrekturen wiederhergestellt</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>opened from a file</source>
        <translation>aus einer Datei geöffnet</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>SHA-256 of the model, its first half</source>
        <translation>SHA-256 des Modells, erste Hälfte</translation>
    </message>
    <message>
        <source>Time of the run</source>
        <translation>Dauer des Laufs</translation>
    </message>
    <message>
        <source>{0} more measurements</source>
        <translation>{0} weitere Messungen</translation>
    </message>
    <message>
        <source>{0} more notes: see the program&apos;s window.</source>
        <translation>{0} weitere Hinweise: siehe Programmfenster.</translation>
    </message>
    <message>
        <source>No spine was found in this CT.</source>
        <translation>In diesem CT wurde keine Wirbelsäule gefunden.</translation>
    </message>
    <message>
        <source>There is no spine in this mask.</source>
        <translation>Diese Maske enthält keine Wirbelsäule.</translation>
    </message>
    <message>
        <source>Unsure: the spine was hard to locate. Check all slices.</source>
        <translation>Unsicher: Die Wirbelsäule war schwer zu lokalisieren. Bitte alle Schichten prüfen.</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronar</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>Von vorn</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>Von links</translation>
    </message>
</context>
<context>
    <name>report_vertebrae</name>
    <message>
        <source>Vertebrae</source>
        <translation>Wirbel</translation>
    </message>
    <message>
        <source>Heights are of the body in the midline, HU of its inner part. A vertebra that the scan cuts is marked with an asterisk. Confidence is that of the borders to its neighbours.</source>
        <translation>Höhen sind die des Wirbelkörpers in der Mittellinie, HU die seines Inneren. Ein Stern kennzeichnet Wirbel, die das Bild anschneidet. Die Konfidenz ist die der Grenzen zu den Nachbarn.</translation>
    </message>
    <message>
        <source>Straightened, sagittal</source>
        <translation>Begradigt, sagittal</translation>
    </message>
    <message>
        <source>Straightened, coronal</source>
        <translation>Begradigt, koronar</translation>
    </message>
    <message>
        <source>Vertebra</source>
        <translation>Wirbel</translation>
    </message>
    <message>
        <source>Volume (mL)</source>
        <translation>Volumen (ml)</translation>
    </message>
    <message>
        <source>Height in front (mm)</source>
        <translation>Höhe vorn (mm)</translation>
    </message>
    <message>
        <source>Middle (mm)</source>
        <translation>Mitte (mm)</translation>
    </message>
    <message>
        <source>Behind (mm)</source>
        <translation>Hinten (mm)</translation>
    </message>
    <message>
        <source>Mean (HU)</source>
        <translation>Mittel (HU)</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
</context>
<context>
    <name>segmenting</name>
    <message>
        <source>The system ended the run, most likely because the computer ran out of memory. Close other programs and try again.</source>
        <translation>Das System hat den Lauf beendet, höchstwahrscheinlich weil der Arbeitsspeicher nicht reichte. Bitte andere Programme schließen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The run stopped unexpectedly (exit code {0}). Try again; if it happens again, please report it with its details.</source>
        <translation>Der Lauf ist unerwartet abgebrochen (Exit-Code {0}). Bitte erneut versuchen; tritt es wieder auf, bitte mit den Details melden.</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>The administrator&apos;s settings in {0} cannot be read and were ignored.</source>
        <translation>Die Einstellungen der Administration in {0} sind nicht lesbar und wurden ignoriert.</translation>
    </message>
    <message>
        <source>This value of your setting {0} is not known here: {1}</source>
        <translation>Dieser Wert Ihrer Einstellung {0} ist hier unbekannt: {1}</translation>
    </message>
    <message>
        <source>Your settings cannot be read; the defaults are used.</source>
        <translation>Ihre Einstellungen sind nicht lesbar; es gelten die Standardwerte.</translation>
    </message>
    <message>
        <source>Your settings could not be read; the defaults are used. The old file is now {0}.</source>
        <translation>Ihre Einstellungen waren nicht lesbar; es gelten die Standardwerte. Die alte Datei heißt jetzt {0}.</translation>
    </message>
    <message>
        <source>Your settings could not be read in time, perhaps because their network drive is not connected. The defaults are used until the program is started again; your settings stay as they are.</source>
        <translation>Ihre Einstellungen konnten nicht rechtzeitig gelesen werden, vielleicht weil deren Netzlaufwerk nicht verbunden ist. Bis zum nächsten Start gelten die Voreinstellungen; Ihre Einstellungen bleiben, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>vertebrae</name>
    <message>
        <source>Counted from the head. Name one, and the others follow.</source>
        <translation>Vom Kopf an gezählt. Benennen Sie einen, die anderen folgen.</translation>
    </message>
    <message>
        <source>Proposal. {0}</source>
        <translation>Vorschlag. {0}</translation>
    </message>
    <message>
        <source>Unsure: it may be off by one.</source>
        <translation>Unsicher: Er kann um eins daneben liegen.</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min {1:02d} s</source>
        <translation>{0} min {1:02d} s</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Preparing the CT</source>
        <translation>CT vorbereiten</translation>
    </message>
    <message>
        <source>Locating the spine</source>
        <translation>Wirbelsäule lokalisieren</translation>
    </message>
    <message>
        <source>Outlining the spine</source>
        <translation>Wirbelsäule umreißen</translation>
    </message>
    <message>
        <source>Finishing the mask</source>
        <translation>Maske fertigstellen</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>Arbeitet</translation>
    </message>
    <message>
        <source>The spine appears here in 3D.</source>
        <translation>Hier erscheint die Wirbelsäule in 3D.</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>a date, as QLocale writes it</comment>
        <translation>dd.MM.yyyy</translation>
    </message>
    <message>
        <source>No description</source>
        <translation>Ohne Beschreibung</translation>
    </message>
    <message>
        <source>unnamed</source>
        <translation>unbenannt</translation>
    </message>
    <message>
        <source>Only one of {0} series can be used, and it was opened. Left out: {1}.</source>
        <translation>Nur eine von {0} Serien ist verwendbar, und sie wurde geöffnet. Ausgelassen: {1}.</translation>
    </message>
    <message>
        <source>{0} (from source)</source>
        <translation>{0} (aus dem Quelltext)</translation>
    </message>
    <message>
        <source>{0} (build {1} of {2})</source>
        <translation>{0} (Build {1} vom {2})</translation>
    </message>
</context>
<context>
    <name>writing</name>
    <message>
        <source>The system stopped the writing of the DICOM segmentation, most likely because the computer ran out of memory. Close other programs and try again.</source>
        <translation>Das System hat das Schreiben der DICOM-Segmentierung beendet, höchstwahrscheinlich weil der Arbeitsspeicher nicht reichte. Bitte andere Programme schließen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The writing of the DICOM segmentation stopped unexpectedly (exit code {0}). Try again; if it happens again, choose another format, and please report it with its details.</source>
        <translation>Das Schreiben der DICOM-Segmentierung ist unerwartet abgebrochen (Exit-Code {0}). Bitte erneut versuchen; tritt es wieder auf, bitte ein anderes Format wählen und es mit den Details melden.</translation>
    </message>
</context>
</TS>
